/** Takes files that are dropped on the map. Without it the browser would leave the page to open them. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ToolContext } from "../map-tools";
import { openFiles } from "./opening";

export class DropZone extends LitElement {
  static override properties = {
    context: { attribute: false },
    over: { state: true },
  };

  declare context: ToolContext;
  private declare over: boolean;
  private stop = new AbortController();

  constructor() {
    super();
    this.over = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = new AbortController();
    const how = { signal: this.stop.signal };
    addEventListener("dragover", (event) => this.drag(event), how);
    addEventListener("drop", (event) => this.drop(event), how);
    addEventListener("dragleave", (event) => this.leave(event), how);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
  }

  private drag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.over = true;
  }

  private leave(event: DragEvent): void {
    // Null when the pointer leaves the window, and not merely one element for another.
    if (event.relatedTarget === null) this.over = false;
  }

  private drop(event: DragEvent): void {
    const files = [...(event.dataTransfer?.files ?? [])];
    this.over = false;
    if (files.length === 0) return;
    event.preventDefault();
    void openFiles(this.context, files);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.over) return nothing;
    return html`<p class="drop-here">${this.context.words.say("own.drop-here")}</p>`;
  }
}

customElements.define("tw-drop-zone", DropZone);

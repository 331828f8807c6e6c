/** The line between the two sides of the map, with its handle: dragged, touched, or moved by keys. */

import { html, LitElement, type TemplateResult } from "lit";
import { Passing } from "../state/passing";
import type { Swipe } from "../state/screen";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -0.02,
  ArrowDown: -0.02,
  ArrowRight: 0.02,
  ArrowUp: 0.02,
  PageDown: -0.1,
  PageUp: 0.1,
  Home: -1,
  End: 1,
};

export class Divider extends LitElement {
  static override properties = {
    context: { attribute: false },
    left: { attribute: false },
    right: { attribute: false },
  };

  declare context: PanelContext;
  /** What is on each side, in words. */
  declare left: string;
  declare right: string;
  private dragging = false;
  private readonly passing = new Passing(
    (patch, step) => this.context.change(patch, step),
    () => this.context.screen,
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.passing.drop();
  }

  private get swipe(): Swipe | null {
    return this.context.screen.swipe;
  }

  protected override render(): TemplateResult {
    const { say } = this.context.words;
    const percent = Math.round((this.swipe?.at ?? 0.5) * 100);
    return html`<div class="divide" ${painted({ "--divide": `${((this.swipe?.at ?? 0.5) * 100).toFixed(2)}%` })}>
      <span class="divide-word before">${this.left}</span>
      <span class="divide-word after">${this.right}</span>
      <div class="divide-handle" role="slider" tabindex="0" aria-label=${say("swipe.handle")} aria-orientation="horizontal"
        aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}
        aria-valuetext=${say("swipe.at", { percent, left: this.left, right: this.right })}
        @pointerdown=${this.press} @pointermove=${this.move} @pointerup=${this.lift} @pointercancel=${this.lift}
        @keydown=${this.key}><span class="divide-grip" aria-hidden="true"></span></div>
    </div>`;
  }

  private put(at: number): void {
    const { swipe } = this;
    if (swipe !== null) this.passing.put({ swipe: { ...swipe, at: Math.min(1, Math.max(0, at)) } });
  }

  private press(event: PointerEvent): void {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    (event.currentTarget as HTMLElement).focus({ preventScroll: true });
    event.preventDefault();
    this.dragging = true;
    this.passing.hold();
  }

  private move(event: PointerEvent): void {
    if (!this.dragging) return;
    const box = this.querySelector(".divide")?.getBoundingClientRect();
    if (box !== undefined && box.width > 0) this.put((event.clientX - box.left) / box.width);
  }

  private lift(): void {
    if (!this.dragging) return;
    this.dragging = false;
    this.passing.rest();
  }

  private key(event: KeyboardEvent): void {
    const step = KEYS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.put((this.swipe?.at ?? 0.5) + step);
  }
}

customElements.define("tw-divider", Divider);

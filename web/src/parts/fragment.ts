/** A part of a page that the server writes: a card or a table, with its loading and failed states. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { type FailureKind, RequestFailed } from "../api/client";
import type { Say } from "../words/words";
import { failureState, stateBox } from "./states";

/** Sent when the part is on the screen. */
export class FragmentShown extends CustomEvent<{ readonly title: string }> {}

/** Until then a part that is on its way shows nothing new: most answers come sooner. */
const SAY_LOADING_AFTER_MS = 350;

export class Fragment extends LitElement {
  static override properties = {
    address: { attribute: false },
    load: { attribute: false },
    say: { attribute: false },
    html: { state: true },
    failure: { state: true },
    slow: { state: true },
  };

  /** Names what is shown; another address loads again. */
  declare address: string;
  declare load: () => Promise<string>;
  declare say: Say;
  private declare html: string;
  private declare failure: FailureKind | null;
  private declare slow: boolean;
  private timer = 0;

  constructor() {
    super();
    this.address = "";
    this.html = "";
    this.failure = null;
    this.slow = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("address")) void this.fetch();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.failure !== null) {
      return stateBox(
        this.say,
        failureState(this.say, this.failure, () => void this.fetch()),
      );
    }
    if (this.html !== "") return html`<div aria-busy=${this.slow}>${unsafeHTML(this.html)}</div>`;
    if (!this.slow) return nothing;
    return html`<p class="hint" role="status">${this.say("map.loading.part")}</p>`;
  }

  private async fetch(): Promise<void> {
    const asked = this.address;
    clearTimeout(this.timer);
    this.failure = null;
    this.timer = window.setTimeout(() => {
      this.slow = true;
    }, SAY_LOADING_AFTER_MS);
    try {
      const text = await this.load();
      if (asked === this.address) this.html = text;
    } catch (error) {
      if (asked === this.address) this.failure = error instanceof RequestFailed ? error.kind : "failed";
    }
    if (asked !== this.address) return;
    clearTimeout(this.timer);
    this.slow = false;
    await this.updateComplete;
    const title = this.querySelector("h2")?.textContent?.trim() ?? "";
    this.dispatchEvent(new FragmentShown("fragment-shown", { detail: { title }, bubbles: true }));
  }
}

customElements.define("tw-fragment", Fragment);

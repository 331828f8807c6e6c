/** A part of a page that the server writes: a card or a table, with its loading and failed states. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { type FailureKind, RequestFailed } from "../api/client";
import type { Say } from "../words/words";
import { failureState, stateBox } from "./states";

/** Sent when the part is on the screen; `found` is false when it says that there is nothing, or why not. */
export class FragmentShown extends CustomEvent<{ readonly title: string; readonly found: boolean }> {}

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
  private focused: string | null = null;

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

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("online", this.again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("online", this.again);
    clearTimeout(this.timer);
  }

  /** What failed without a connection comes by itself when there is one. */
  private readonly again = (): void => {
    if (this.failure === "failed") void this.fetch();
  };

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

  private first(): HTMLElement | null {
    return this.querySelector<HTMLElement>("h2[tabindex], [tabindex='0'], a, button");
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
      if (asked === this.address) {
        this.focused = focusedIn(this);
        this.html = text;
      }
    } catch (error) {
      if (asked === this.address) this.failure = error instanceof RequestFailed ? error.kind : "failed";
    }
    if (asked !== this.address) return;
    clearTimeout(this.timer);
    this.slow = false;
    await this.updateComplete;
    if (this.focused !== null) (this.querySelector<HTMLElement>(this.focused) ?? this.first())?.focus();
    this.focused = null;
    const found = this.failure === null;
    const title = this.querySelector("h2")?.textContent?.trim() ?? "";
    this.dispatchEvent(new FragmentShown("fragment-shown", { detail: { title, found }, bubbles: true }));
  }
}

/** How to find what has the focus in the part that replaces this one; null when the focus is elsewhere. */
function focusedIn(part: Element): string | null {
  const active = document.activeElement;
  if (active === null || !part.contains(active)) return null;
  if (active.matches("a.sort")) {
    const head = active.closest("th");
    const place = [...(head?.parentElement?.children ?? [])].indexOf(head as Element) + 1;
    return `th:nth-child(${place}) a.sort`;
  }
  if (active.hasAttribute("rel")) return `a[rel=${active.getAttribute("rel")}]`;
  if (active.id !== "") return `#${CSS.escape(active.id)}`;
  const link = active.getAttribute("href");
  return link === null ? ".filter button" : `a[href="${CSS.escape(link)}"]`;
}

customElements.define("tw-fragment", Fragment);

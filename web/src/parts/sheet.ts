/** The sheet from below on a phone, with three heights. It is dragged, tapped, or moved by keyboard. */

import { html, LitElement, type TemplateResult } from "lit";
import { type Screen, sameKey } from "../state/screen";
import type { Say } from "../words/words";

export type SheetHeight = "peek" | "half" | "full";

const ORDER: readonly SheetHeight[] = ["peek", "half", "full"];
const SHARE: Readonly<Record<SheetHeight, number>> = { peek: 0.24, half: 0.56, full: 0.94 };
/** What a tap or Enter does: everybody can free the map, also without dragging. */
const NEXT: Readonly<Record<SheetHeight, SheetHeight>> = { peek: "half", half: "full", full: "peek" };
const TAP_PIXELS = 6;
/** Faster than this, in pixels per millisecond, a flick goes one height further. */
const FLICK = 0.5;

export class SheetMoved extends CustomEvent<{ readonly height: SheetHeight }> {}

/** The height that a drag ends on. */
export function settle(share: number, speed: number): SheetHeight {
  const nearest =
    [...ORDER].sort((a, b) => Math.abs(SHARE[a] - share) - Math.abs(SHARE[b] - share))[0] ?? "half";
  if (Math.abs(speed) < FLICK) return nearest;
  const onward = ORDER.filter((height) => (speed > 0 ? SHARE[height] > share : SHARE[height] < share));
  return (speed > 0 ? onward[0] : onward.at(-1)) ?? nearest;
}

/** The height that what has changed asks for: a card wants to be read, and one stands in the street to see it. */
export function sheetAfter(now: Screen, before: Screen): SheetHeight | null {
  if (now.selection !== null && !sameKey(now.selection, before.selection)) return "half";
  return now.walking && !before.walking ? "peek" : null;
}

export class Sheet extends LitElement {
  static override properties = {
    content: { attribute: false },
    height: { attribute: false },
    say: { attribute: false },
    dragged: { state: true },
  };

  declare content: TemplateResult;
  declare height: SheetHeight;
  declare say: Say;
  /** Pixels that the finger has moved the edge upward, while it is down. */
  private declare dragged: number | null;
  private from = 0;
  private last = { y: 0, at: 0, speed: 0 };

  constructor() {
    super();
    this.height = "half";
    this.dragged = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    const sheet = this.querySelector<HTMLElement>(".sheet");
    // In shares, so that it also fits after the phone is turned.
    const share = `${SHARE[this.height] * 100}%`;
    const high =
      this.dragged === null ? share : `clamp(10%, ${share} + ${this.dragged}px, ${SHARE.full * 100}%)`;
    sheet?.style.setProperty("--sheet-height", high);
    sheet?.classList.toggle("dragging", this.dragged !== null);
  }

  protected override render(): TemplateResult {
    return html`<section class="sheet" data-height=${this.height} aria-label=${this.say("sheet.label")}>
      <button type="button" class="grip" aria-expanded=${this.height !== "peek"}
        aria-label=${this.say(`sheet.to.${NEXT[this.height]}`)}
        @pointerdown=${this.press} @pointermove=${this.move} @pointerup=${this.lift} @pointercancel=${this.lift}
        @click=${this.tap} @keydown=${this.key}></button>
      <div class="sheet-content">${this.content}</div>
    </section>`;
  }

  private press(event: PointerEvent): void {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.from = event.clientY;
    this.last = { y: event.clientY, at: event.timeStamp, speed: 0 };
    this.dragged = 0;
  }

  private move(event: PointerEvent): void {
    if (this.dragged === null) return;
    const time = Math.max(1, event.timeStamp - this.last.at);
    this.last = { y: event.clientY, at: event.timeStamp, speed: (this.last.y - event.clientY) / time };
    this.dragged = this.from - event.clientY;
  }

  private lift(): void {
    if (this.dragged === null) return;
    const moved = this.dragged;
    this.dragged = null;
    if (Math.abs(moved) < TAP_PIXELS) return;
    const room = this.parentElement?.clientHeight ?? window.innerHeight;
    this.put(settle(SHARE[this.height] + moved / room, this.last.speed));
  }

  /** A tap or Enter: one larger, and from full back to the smallest. */
  private tap(event: MouseEvent): void {
    if (event.detail > 0 && Math.abs(this.from - this.last.y) >= TAP_PIXELS) return;
    this.put(NEXT[this.height]);
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    this.put(ORDER[Math.min(2, Math.max(0, ORDER.indexOf(this.height) + step))] ?? "half");
  }

  private put(height: SheetHeight): void {
    this.height = height;
    this.dispatchEvent(new SheetMoved("sheet-moved", { detail: { height }, bubbles: true }));
  }
}

customElements.define("tw-sheet", Sheet);

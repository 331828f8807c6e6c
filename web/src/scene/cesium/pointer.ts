/** Mouse, pen and fingers on the scene: drag moves, right or ctrl drag turns, wheel and pinch zoom. */

import type { ScreenPoint } from "../engine";

export interface PointerMoves {
  /** The ground under `from` comes to lie under `to`. */
  drag(from: ScreenPoint, to: ScreenPoint): void;
  turn(headingDeg: number, pitchDeg: number): void;
  zoom(factor: number, at: ScreenPoint): void;
  click(at: ScreenPoint): void;
  /** No finger or button is down any more. */
  rest(): void;
}

const CLICK_PIXELS = 5;
const DEGREES_PER_PIXEL = 0.25;

export class PointerInput {
  private readonly down = new Map<number, ScreenPoint>();
  private travelled = 0;
  private turning = false;
  private readonly stop = new AbortController();

  constructor(
    private readonly host: HTMLElement,
    private readonly moves: PointerMoves,
  ) {
    const how = { signal: this.stop.signal };
    host.addEventListener("pointerdown", (event) => this.press(event), how);
    host.addEventListener("pointermove", (event) => this.move(event), how);
    host.addEventListener("pointerup", (event) => this.lift(event), how);
    host.addEventListener("pointercancel", (event) => this.lift(event), how);
    host.addEventListener("contextmenu", (event) => event.preventDefault(), how);
    host.addEventListener("wheel", (event) => this.wheel(event), { ...how, passive: false });
  }

  destroy(): void {
    this.stop.abort();
  }

  private point(event: MouseEvent): ScreenPoint {
    const box = this.host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private press(event: PointerEvent): void {
    this.host.setPointerCapture(event.pointerId);
    if (this.down.size === 0) this.travelled = 0;
    this.down.set(event.pointerId, this.point(event));
    this.turning = event.button === 2 || event.ctrlKey || event.shiftKey;
  }

  private move(event: PointerEvent): void {
    const from = this.down.get(event.pointerId);
    if (from === undefined) return;
    const to = this.point(event);
    this.travelled += Math.hypot(to.x - from.x, to.y - from.y);
    if (this.travelled >= CLICK_PIXELS) {
      if (this.down.size >= 2) this.pinch(event.pointerId, from, to);
      else if (this.turning)
        this.moves.turn((to.x - from.x) * DEGREES_PER_PIXEL, (from.y - to.y) * -DEGREES_PER_PIXEL);
      else this.moves.drag(from, to);
    }
    this.down.set(event.pointerId, to);
  }

  /** Two fingers: apart zooms, around turns, both up or down tilts. */
  private pinch(id: number, from: ScreenPoint, to: ScreenPoint): void {
    const other = [...this.down].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    if (before > 10 && after > 10) this.moves.zoom(before / after, middle);
    const angle = Math.atan2(to.y - other.y, to.x - other.x) - Math.atan2(from.y - other.y, from.x - other.x);
    const degrees = (((((angle * 180) / Math.PI + 540) % 360) + 360) % 360) - 180;
    const sideways = Math.abs(to.x - from.x) > Math.abs(to.y - from.y);
    this.moves.turn(-degrees, sideways ? 0 : (to.y - from.y) * 0.12);
  }

  private lift(event: PointerEvent): void {
    const at = this.down.get(event.pointerId);
    if (at === undefined) return;
    this.down.delete(event.pointerId);
    if (this.down.size > 0) return;
    if (event.type === "pointerup" && this.travelled < CLICK_PIXELS && !this.turning) this.moves.click(at);
    else this.moves.rest();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
    this.moves.zoom(Math.exp(Math.max(-240, Math.min(240, pixels)) * 0.0022), this.point(event));
  }
}

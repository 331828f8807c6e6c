/** The name of what the mouse rests on. Touch and keyboard get the same from the card. */

const REST_MS = 300;
const OFFSET_PX = 16;

export class Hover {
  private readonly name = document.createElement("p");
  private timer = 0;
  private turn = 0;
  private at: readonly [number, number] | null = null;

  /** `ask` finds the name at a point in CSS pixels from the corner of the host; null for nothing. */
  constructor(
    private readonly host: HTMLElement,
    private readonly ask: (x: number, y: number) => Promise<string | null>,
  ) {
    this.name.className = "hover-name";
    this.name.hidden = true;
    // A screen reader has the card; a name that follows the mouse would only interrupt it.
    this.name.setAttribute("aria-hidden", "true");
    host.append(this.name);
    host.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerleave", "pointerdown", "wheel", "keydown"]) {
      host.addEventListener(end, () => this.hide(), { passive: true });
    }
  }

  destroy(): void {
    this.hide();
    this.name.remove();
  }

  private move(event: PointerEvent): void {
    // A browser tells of a mouse that rests again and again while the picture under it changes.
    if (this.at?.[0] === event.clientX && this.at[1] === event.clientY) return;
    this.hide();
    this.at = [event.clientX, event.clientY];
    if (event.pointerType !== "mouse" || event.buttons !== 0) return;
    const box = this.host.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.timer = window.setTimeout(() => void this.show(x, y), REST_MS);
  }

  private async show(x: number, y: number): Promise<void> {
    const turn = this.turn;
    const found = await this.ask(x, y).catch(() => null);
    // The mouse may have gone on while the server looked.
    if (turn !== this.turn || found === null) return;
    this.name.textContent = found;
    this.name.hidden = false;
    this.host.classList.add("over-object");
    const wide = this.name.offsetWidth;
    const left = x + OFFSET_PX + wide > this.host.clientWidth ? x - OFFSET_PX - wide : x + OFFSET_PX;
    this.name.style.setProperty("left", `${Math.max(0, left)}px`);
    this.name.style.setProperty("top", `${Math.max(0, y - 2 * OFFSET_PX)}px`);
  }

  private hide(): void {
    clearTimeout(this.timer);
    this.turn += 1;
    this.at = null;
    this.name.hidden = true;
    this.host.classList.remove("over-object");
  }
}

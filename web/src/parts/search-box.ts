/** Gives a search field suggestions: a combobox with a list box, on top of a form that works without. */

import type { Place, Places } from "../api/shapes";
import type { Words } from "../words/words";

export interface SearchSource {
  places(q: string, signal: AbortSignal): Promise<Places>;
  chosen(place: Place): void;
  /** What stands beside each, in their order. */
  telling(places: readonly Place[]): readonly string[];
}

const WAIT_MS = 160;
const LEAST = 2;
/** Two suggestions; a panel then scrolls. */
const LEAST_ROOM = 104;
let boxes = 0;

export class SearchBox {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("p");
  private places: readonly Place[] = [];
  private active = -1;
  private timer = 0;
  private asked: AbortController | null = null;
  private readonly stop = new AbortController();

  constructor(
    private readonly input: HTMLInputElement,
    private readonly source: SearchSource,
    private readonly words: Words,
  ) {
    boxes += 1;
    this.list.id = `suggestions-${boxes}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.say("map.search.suggestions"));
    this.status.className = "vh";
    this.status.setAttribute("role", "status");
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.after(this.list, this.status);
    this.listen();
  }

  destroy(): void {
    this.stop.abort();
    this.asked?.abort();
    clearTimeout(this.timer);
    this.list.remove();
    this.status.remove();
  }

  private listen(): void {
    const how = { signal: this.stop.signal };
    this.input.addEventListener("input", () => this.typed(), how);
    this.input.addEventListener("keydown", (event) => this.key(event), how);
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150), how);
    this.input.form?.addEventListener("submit", (event) => this.submit(event), how);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault(), how);
    this.list.addEventListener("click", (event) => this.clicked(event), how);
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const q = this.input.value.trim();
    if (q.length < LEAST) {
      this.close();
      return;
    }
    const asked = new AbortController();
    this.asked = asked;
    try {
      const { places, hint } = await this.source.places(q, asked.signal);
      // An answer that comes after a choice must not open the list again.
      if (this.asked === asked) this.show(places, this.words.text(hint ?? undefined));
    } catch {
      // Aborted by the next letter, or the server does not answer: then this says so.
      const why = navigator.onLine ? "map.search.failed" : "map.search.offline";
      if (this.asked === asked) this.show([], this.words.say(why));
    }
  }

  private show(places: readonly Place[], hint: string): void {
    this.places = places;
    this.active = -1;
    const told = this.source.telling(places);
    this.list.replaceChildren(...places.map((place, n) => this.option(place, n, told[n] ?? "")));
    const none = places.length === 0 && hint === "" ? this.words.say("map.search.nothing") : "";
    if (hint !== "" || none !== "") this.list.append(this.remark(hint || none));
    this.list.hidden = false;
    this.keepInWindow();
    this.input.setAttribute("aria-expanded", String(places.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    const count = this.words.say("map.search.count", { count: places.length });
    this.status.textContent = [count, hint].filter(Boolean).join(". ");
  }

  /** Below its field, and no further down than its panel, the window or a keyboard on the screen lets one see. */
  private keepInWindow(): void {
    const panel = this.input.closest(".panel, .sheet-content")?.getBoundingClientRect().bottom;
    const bottom = Math.min(visualViewport?.height ?? innerHeight, panel ?? Infinity);
    const below = bottom - this.input.getBoundingClientRect().bottom;
    this.list.style.setProperty("--room", `${Math.max(LEAST_ROOM, Math.round(below) - 16)}px`);
  }

  private option(place: Place, n: number, telling: string): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${n}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const kind = document.createElement("span");
    kind.className = "hint";
    kind.textContent = telling;
    item.append(`${place.label} `, kind);
    return item;
  }

  /** What cannot be chosen stands last, so that the suggestions keep their numbers. */
  private remark(text: string): HTMLLIElement {
    const item = document.createElement("li");
    item.className = "nothing";
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    item.setAttribute("aria-selected", "false");
    item.textContent = text;
    return item;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden || this.places.length === 0) return;
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private move(step: number): void {
    const count = this.places.length;
    this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
    [...this.list.children].slice(0, count).forEach((item, n) => {
      item.setAttribute("aria-selected", String(n === this.active));
      if (n === this.active) item.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  private clicked(event: MouseEvent): void {
    const item = (event.target as Element).closest("li[role=option]");
    const place = this.places[item === null ? -1 : [...this.list.children].indexOf(item)];
    if (place !== undefined) this.choose(place);
  }

  /** Enter takes the suggestion that is marked, else the first; with none the form asks the server. */
  private submit(event: Event): void {
    const place = this.list.hidden ? undefined : this.places[Math.max(0, this.active)];
    // Without a connection the page of the server would take the place of the map.
    if (place !== undefined || !navigator.onLine) event.preventDefault();
    if (place === undefined) return;
    this.choose(place);
  }

  private choose(place: Place): void {
    this.input.value = place.label;
    this.close();
    this.source.chosen(place);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

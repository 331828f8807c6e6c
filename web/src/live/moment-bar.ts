/** The time bar of live measurements: the last week by hour, or now. */

import { html, LitElement, type nothing, type PropertyValues, type TemplateResult } from "lit";
import { icon } from "../parts/icons";
import { painted } from "../parts/painted";
import type { PanelContext } from "../parts/panel-context";
import { Passing } from "../state/passing";
import type { LivePart } from "./live-part";
import { HOURS, hoursAgo, momentAgo } from "./moments";
import { isPlayed, momentWords, timeWords } from "./words";

const NO_ACTION = new Set(["Tab", "Shift", "Control", "Alt", "Meta"]);
/** Between two hours while it plays: as long as it takes to see what changed, and for the answer to come. */
const STEP_MS = 900;
/** A day in hours. */
const DAY = 24;

export class MomentBar extends LitElement {
  static override properties = {
    context: { attribute: false },
    live: { attribute: false },
    playing: { state: true },
  };

  declare context: PanelContext;
  declare live: LivePart;
  private declare playing: boolean;
  private timer = 0;
  private asked: string | null = null;
  private readonly passing = new Passing(
    (patch, step) => this.context.change(patch, step),
    () => this.context.screen,
  );
  private stop = new AbortController();

  constructor() {
    super();
    this.playing = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.halt();
    this.passing.drop();
  }

  /** Earlier or later by so many hours; also by the keys [ and ]. */
  step(hours: number): void {
    const ago = hoursAgo(this.context.screen.moment, Date.now()) - hours;
    this.halt();
    this.passing.put({ moment: momentAgo(Math.min(HOURS, Math.max(0, ago)), Date.now()) });
  }

  protected override updated(changed: PropertyValues): void {
    if (this.playing && changed.has("context") && this.context.screen.moment !== this.asked) this.halt();
  }

  protected override render(): TemplateResult {
    const { words, screen } = this.context;
    const { say } = words;
    const { moment } = screen;
    const now = Date.now();
    const at = Math.max(0, HOURS - hoursAgo(moment, now));
    const told = moment === null ? this.latest() : momentWords(words, this.own(moment), "short");
    return html`<button type="button" class="btn time-play" aria-label=${say(this.playing ? "time.pause" : "map.live.play")}
        @click=${() => (this.playing ? this.pause() : this.play())}>${icon(this.playing ? "pause" : "play")}</button>
      <div class="time-track">
        <input type="range" class="time-slider" aria-label=${say("map.live.moment")} aria-valuetext=${told}
          aria-describedby="moment-about" min="0" max=${HOURS} step="1" .value=${String(at)}
          @pointerdown=${() => this.passing.hold()} @pointerup=${() => this.passing.rest()}
          @pointercancel=${() => this.passing.rest()} @input=${this.slide} />
        <p class="time-axis" aria-hidden="true">${this.axis(now)}</p>
      </div>
      <output class="time-moment">${told}</output>
      <button type="button" class="btn quiet time-now" ?disabled=${moment === null}
        @click=${() => this.context.change({ moment: null })}>${say("time.to-now")}</button>
      <p class="hint time-about" id="moment-about" role="status">${this.about()}</p>`;
  }

  /** The moment by the clock of the first layer: all layers of a city of recordings have theirs. */
  private own(moment: string): string {
    const [first] = this.live.on;
    return first === undefined ? moment : this.live.momentOf(first.id, moment);
  }

  private axis(now: number): TemplateResult {
    const days = [0, 1, 2, 3, 4, 5, 6, 7].map((days) => HOURS - days * DAY).reverse();
    const { words } = this.context;
    const format = new Intl.DateTimeFormat(words.language === "en" ? "en-GB" : "nl-NL", {
      day: "numeric",
      month: "short",
      timeZone: "Europe/Amsterdam",
    });
    const name = (at: number) =>
      format.format(new Date(this.own(new Date(now - (HOURS - at) * 3_600_000).toISOString())));
    return html`${days.map((at) => html`<span>${at === HOURS ? this.latest() : name(at)}</span>`)}`;
  }

  /** What is the matter first: that nobody knows what is now. */
  private about(): string {
    const { words, screen } = this.context;
    const lost = this.live.lostSince;
    if (screen.moment !== null) {
      return words.say("map.live.as-measured", { moment: momentWords(words, this.own(screen.moment)) });
    }
    if (lost !== null) return words.say("map.live.lost", { time: timeWords(words, lost) });
    return words.say(this.played ? "map.live.played" : "map.live.current");
  }

  /** Nothing on the map is measured now: then it is not called so. */
  private get played(): boolean {
    return this.live.on.every(isPlayed);
  }

  private latest(): string {
    return this.context.words.say(this.played ? "map.live.latest" : "map.live.now");
  }

  private readonly slide = (event: Event): void => {
    this.halt();
    const at = Number((event.target as HTMLInputElement).value);
    this.passing.put({ moment: momentAgo(HOURS - at, Date.now()) });
  };

  private play(): void {
    const { moment } = this.context.screen;
    this.passing.drop();
    this.playing = true;
    this.stop = new AbortController();
    const how = { capture: true, signal: this.stop.signal };
    for (const type of ["pointerdown", "wheel", "keydown"] as const) {
      document.addEventListener(type, (event) => this.other(event), how);
    }
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), how);
    const ago = hoursAgo(moment, Date.now());
    this.to(ago === 0 ? DAY : ago - 1);
  }

  private to(ago: number): void {
    this.asked = momentAgo(ago, Date.now());
    this.context.change({ moment: this.asked }, "passing");
    if (ago <= 0) this.pause();
    else this.timer = window.setTimeout(() => this.whenThere(ago - 1), STEP_MS);
  }

  /** The next hour only when the values of this one are there. */
  private whenThere(ago: number): void {
    const waits = this.live.on.some(({ id }) => this.live.valuesOf(id)?.state === "loading");
    if (waits) this.timer = window.setTimeout(() => this.whenThere(ago), STEP_MS / 3);
    else this.to(ago);
  }

  private other(event: Event): void {
    if ((event.target as Element | null)?.closest?.(".time-play") != null && event.type !== "wheel") return;
    if (event instanceof KeyboardEvent && NO_ACTION.has(event.key)) return;
    this.pause();
  }

  private pause(): void {
    this.halt();
    this.context.change({ moment: this.asked });
  }

  private halt(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.playing = false;
  }
}

customElements.define("tw-moment-bar", MomentBar);

export function momentBar(context: PanelContext, part: LivePart): TemplateResult | typeof nothing {
  const at = Math.max(0, HOURS - hoursAgo(context.screen.moment, Date.now()));
  return html`<tw-moment-bar role="group" aria-label=${context.words.say("map.live.bar")} .context=${context} .live=${part}
    ${painted({ "--passed": `${((100 * at) / HOURS).toFixed(2)}%` })}></tw-moment-bar>`;
}

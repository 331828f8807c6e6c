/** The time bar: one year on the map, by slider, by key, or played from the first year to the last. */

import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { Passing } from "../state/passing";
import { stepped, tickOf, timed, type YearSpan, yearSpan } from "../state/years";
import { icon } from "./icons";
import type { ToolContext } from "./map-tools";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";
import { TIME } from "./tools/time";

/** Keys that do nothing by themselves or only move the focus. */
const NO_ACTION = new Set(["Tab", "Shift", "Control", "Alt", "Meta"]);
const BARS_HIGH = 100;

export function spanOf({ layers, shown, legends }: PanelContext): YearSpan | null {
  return yearSpan(layers, shown, legends, new Date().getFullYear());
}

export class TimeBar extends LitElement {
  static override properties = {
    context: { attribute: false },
    playing: { state: true },
  };

  declare context: ToolContext;
  private declare playing: boolean;
  private timer = 0;
  /** The year that this bar itself asked for last. */
  private asked: number | null = null;
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

  /** Earlier or later by a whole step; also by the keys [ and ]. */
  step(steps: number): void {
    const span = spanOf(this.context);
    if (span !== null) this.put(stepped(span, this.context.screen.year, steps));
  }

  protected override updated(changed: PropertyValues): void {
    // The browser's back button, or whatever else chose another year.
    if (this.playing && changed.has("context") && this.context.screen.year !== this.asked) this.halt();
  }

  protected override render(): TemplateResult {
    const { say } = this.context.words;
    const { year } = this.context.screen;
    const span = spanOf(this.context);
    if (span === null)
      return html`<p class="time-none">${say(this.waits() ? "time.loading" : "time.none")}</p>`;
    const told = year === null ? say("time.now") : String(year);
    return html`<button type="button" class="btn time-play" aria-label=${say(this.playing ? "time.pause" : "time.play")}
        @click=${() => (this.playing ? this.pause() : this.play(span))}>${icon(this.playing ? "pause" : "play")}</button>
      <div class="time-track">
        ${histogram(span, year)}
        <input type="range" class="time-slider" aria-label=${say("time.year")} aria-valuetext=${told}
          aria-describedby="time-about" min=${span.first} max=${span.last} step="1" .value=${String(year ?? span.last)}
          @pointerdown=${() => this.passing.hold()} @pointerup=${() => this.passing.rest()}
          @pointercancel=${() => this.passing.rest()} @input=${this.slide} />
        <p class="time-axis" aria-hidden="true"><span>${span.first}</span><span>${span.last}</span></p>
      </div>
      <output class="time-year">${told}</output>
      <button type="button" class="btn quiet time-now" ?disabled=${year === null}
        @click=${() => this.toNow()}>${say("time.to-now")}</button>
      <p class="hint time-about" id="time-about">${this.about(span)}</p>`;
  }

  /** Whether the years of a layer that is on are still on their way. */
  private waits(): boolean {
    const { layers, shown, legends } = this.context;
    return timed(layers).some(
      ({ id, time }) => shown.includes(id) && !legends.failed({ layer: id, column: time.from || time.until }),
    );
  }

  /** Which layers are on the bar, and how many of their objects are not. */
  private about(span: YearSpan): string {
    const { words } = this.context;
    const parts = span.layers
      .filter(({ unknown }) => unknown > 0)
      .map(({ layer, unknown }) => `${words.number(unknown)} ${words.counted(unknown, layer.noun)}`);
    const names = span.layers.map(({ layer }) => words.text(layer.title)).join(", ");
    const on = words.say("time.layers", { layers: names });
    return parts.length === 0 ? on : `${on} ${words.say("time.unknown", { what: parts.join(", ") })}`;
  }

  private readonly slide = (event: Event): void => {
    this.put(Number((event.target as HTMLInputElement).value));
  };

  private put(year: number): void {
    this.halt();
    this.passing.put({ year });
  }

  /** The button goes, and without a year the bar as well, unless it is the open tool. */
  private toNow(): void {
    const { change, focus, open, openTool } = this.context;
    const stays = openTool === null || openTool === TIME;
    if (stays) open(TIME);
    change({ year: null });
    focus(stays ? ".time-slider" : `.tools [data-tool=${TIME}]`);
  }

  private play(span: YearSpan): void {
    const { year } = this.context.screen;
    this.passing.drop();
    this.playing = true;
    this.stop = new AbortController();
    const how = { capture: true, signal: this.stop.signal };
    for (const type of ["pointerdown", "wheel", "keydown"] as const) {
      document.addEventListener(type, (event) => this.other(event), how);
    }
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), how);
    this.to(year === null || year >= span.last ? span.first : stepped(span, year, 1), span);
  }

  private to(year: number, span: YearSpan): void {
    this.asked = year;
    this.context.change({ year }, "passing");
    if (year >= span.last) this.pause();
    else this.timer = window.setTimeout(() => this.to(stepped(span, year, 1), span), tickOf(span));
  }

  /** Any other action pauses; the button itself does so by its click. */
  private other(event: Event): void {
    if ((event.target as Element | null)?.closest?.(".time-play") != null && event.type !== "wheel") return;
    if (event instanceof KeyboardEvent && NO_ACTION.has(event.key)) return;
    this.pause();
  }

  /** Stop, and keep the year as a step in the history. */
  private pause(): void {
    this.halt();
    this.context.change({ year: this.asked });
  }

  private halt(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.playing = false;
  }
}

/** Objects per span of years, behind the slider; what is not there yet or any more is pale. Decoration. */
function histogram(span: YearSpan, year: number | null): TemplateResult | typeof nothing {
  const most = Math.max(1, ...span.bars.map((bar) => bar.count));
  if (span.bars.length === 0) return nothing;
  const bars = span.bars.map((bar) => {
    const high = (bar.count / most) * BARS_HIGH;
    const later = year !== null && bar.lower > year;
    return svg`<rect class=${`${bar.planned ? "planned" : ""} ${later ? "later" : ""}`} x=${bar.lower - span.first}
      width=${Math.max(1, bar.upper - bar.lower)} y=${BARS_HIGH - high} height=${high} />`;
  });
  return html`<svg class="time-bars" viewBox="0 0 ${span.last - span.first} ${BARS_HIGH}" preserveAspectRatio="none"
    aria-hidden="true">${bars}</svg>`;
}

customElements.define("tw-time-bar", TimeBar);

/** The share of the track that has passed, for the slider's own drawing. */
export function timeBar(context: ToolContext): TemplateResult {
  const span = spanOf(context);
  const year = context.screen.year ?? span?.last ?? 1;
  const passed = span === null ? 1 : (year - span.first) / (span.last - span.first);
  return html`<tw-time-bar role="group" aria-label=${context.words.say("map.time")} .context=${context}
    ${painted({ "--passed": `${(100 * passed).toFixed(2)}%` })}></tw-time-bar>`;
}

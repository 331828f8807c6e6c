/** Sun and shadow at a date and a time. */

import { html, nothing, type TemplateResult } from "lit";
import { civilOf, civilTime, clockText, dateOf, minuteOf } from "../../sun/civil-time";
import { firstSun, onDate, sunDay } from "../../sun/day";
import type { MapTool, ToolContext } from "../map-tools";
import "../sun-study";
import { sunSentence } from "../sun-words";
import { toolHead } from "./tool-head";

const SLIDER_MINUTES = 5;
/** The longest and the shortest day. */
const QUICK = [
  { label: "map.sun.june", day: "06-21" },
  { label: "map.sun.december", day: "12-21" },
] as const;

export const sunTool: MapTool = {
  id: "sun",
  icon: "sun",
  label: "map.sun",
  place: "column",
  pressed: ({ screen }) => screen.sun !== null,
  press: ({ screen, twin, change }) =>
    change({ sun: screen.sun === null ? firstSun(new Date(), twin.centre) : null }),
  box: (context) => box(context, context.screen.sun ?? firstSun(new Date(), context.twin.centre)),
};

function box(context: ToolContext, sun: string): TemplateResult {
  const { words, twin, change } = context;
  const { say } = words;
  const date = dateOf(sun);
  const day = (to: string) => to !== "" && change({ sun: onDate(sun, to, twin.centre) });
  const time = (to: string) => /^\d\d:\d\d$/.test(to) && change({ sun: `${date}T${to}` });
  return html`${toolHead(context, say("map.sun"), () => change({ sun: null }))}
    <p class="sun-says" role="status">${sunSentence(words, sun, twin.centre)}</p>
    <div class="sun-fields">
      <label>${say("map.sun.date")}<input type="date" .value=${date} min="1950-01-01" max="2049-12-31" required
        @change=${(event: Event) => day(textOf(event))} /></label>
      <label>${say("map.sun.time")}<input type="time" .value=${sun.slice(11)} required
        @change=${(event: Event) => time(textOf(event))} /></label>
    </div>
    ${slider(context, sun)}
    <div class="sun-quick" role="group" aria-label=${say("map.sun.quick")}>
      ${QUICK.map((one) => quick(say(one.label), () => day(`${date.slice(0, 4)}-${one.day}`)))}
      ${quick(say("map.sun.today"), () => day(dateOf(civilTime(new Date()))))}
    </div>
    ${context.view === "3d" ? html`<p class="hint">${say("map.sun.shades")}</p>${made(context, sun)}` : flat(context)}`;
}

/** From sunrise to sunset; its end is a step to go back to, what it passes is not. */
function slider({ words, twin, change }: ToolContext, sun: string): TemplateResult | typeof nothing {
  const { say } = words;
  const date = dateOf(sun);
  const { rise, set } = sunDay(date, twin.centre);
  if (rise === null || set === null) return nothing;
  const move = (event: Event, step: "step" | "passing") =>
    change({ sun: civilOf(date, Number(textOf(event))) }, step);
  return html`<label class="sun-slider">${say("map.sun.slider")}
      <input type="range" min=${Math.ceil(rise)} max=${Math.floor(set)} step=${SLIDER_MINUTES}
        .value=${String(minuteOf(sun))} aria-valuetext=${clockText(minuteOf(sun))}
        @input=${(event: Event) => move(event, "passing")} @change=${(event: Event) => move(event, "step")} />
    </label>
    <p class="row between hint"><span>${say("map.sun.rise", { time: clockText(rise) })}</span>
      <span>${say("map.sun.set", { time: clockText(set) })}</span></p>`;
}

function quick(label: string, act: () => void): TemplateResult {
  return html`<button type="button" class="btn" @click=${act}>${label}</button>`;
}

function made(context: ToolContext, sun: string): TemplateResult {
  const { words, twin, layers, shown, screen, shading } = context;
  const { say } = words;
  const sources = new Set(layers.filter((layer) => shown.includes(layer.id)).map((layer) => layer.source));
  return html`<p class="hint sun-busy" role="status">${
    shading ? say("map.sun.busy") : screen.underground ? say("map.sun.underground") : ""
  }</p>
    <tw-sun-study .words=${words} .sun=${sun} .place=${twin.centre} .of=${words.text(twin.title)}
      .sources=${say("map.sources", { sources: [...sources].join(", ") })}
      .make=${context.picture} .posed=${context.posed}></tw-sun-study>`;
}

function flat({ words, can3d, change }: ToolContext): TemplateResult {
  const { say } = words;
  return html`<p class="hint">${say("map.sun.flat")}</p>
    ${can3d ? quick(say("map.sun.to-3d"), () => change({ view: "3d" })) : nothing}`;
}

function textOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

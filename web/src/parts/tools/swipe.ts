/** Compare two years or two sets of layers on one map, with a line between them. */

import { html, nothing, type TemplateResult } from "lit";
import { tooManyShapes } from "../../drawing/in-scene";
import { Passing } from "../../state/passing";
import { FIRST_SCREEN, type Swipe } from "../../state/screen";
import { firstSwipe, middle, otherLayers, type SideWords, sidesOf } from "../../state/swipes";
import { timed, type YearSpan } from "../../state/years";
import "../divider";
import type { MapTool, ToolContext } from "../map-tools";
import { spanOf } from "../time-bar";
import { toolHead } from "./tool-head";

const MOST_NAMES = 2;
/** Left of the box of the tool, which is on the right of a wide screen. */
const FIRST_AT = { phone: 0.5, wide: 0.35 };

export const swipeTool: MapTool = {
  id: "swipe",
  icon: "swipe",
  label: "map.swipe",
  place: "menu",
  pressed: ({ screen }) => screen.swipe !== null,
  press: (context) => {
    const { screen, layers, shown } = context;
    const at = context.phone ? FIRST_AT.phone : FIRST_AT.wide;
    const swipe = screen.swipe === null ? firstSwipe(screen, layers, shown, yearsOf(context), at) : null;
    context.change({ swipe });
  },
  box: (context) => box(context),
  over: (context) => {
    const { swipe } = context.screen;
    if (swipe === null || context.view === null) return html``;
    const sides = sidesOf(context.screen, swipe, context.layers, context.shown);
    return html`<tw-divider .context=${context} .left=${words(context, sides, "left")} .right=${words(context, sides, "right")}></tw-divider>`;
  },
};

/** The years to choose from: until they are counted a century, so that one can begin. */
function yearsOf(context: ToolContext): YearSpan | null {
  const last = new Date().getFullYear();
  const dated = timed(context.layers).some(({ id }) => context.shown.includes(id));
  return spanOf(context) ?? (dated ? { first: last - 100, last, bars: [], layers: [] } : null);
}

/** "In 1930", "Nu", "Met Water", "Zonder Water", or only which side it is. */
function words({ words }: ToolContext, sides: SideWords, side: "left" | "right"): string {
  const { say } = words;
  const parts: string[] = [];
  if (sides.year !== null) {
    const year = sides.year[side];
    parts.push(year === null ? say("swipe.now") : say("swipe.in", { year }));
  }
  const names = (layers: SideWords["onlyLeft"]) => {
    const first = layers.slice(0, MOST_NAMES).map((layer) => words.text(layer.title));
    const more = layers.length - first.length;
    return first.join(", ") + (more > 0 ? ` ${say("swipe.more", { count: more })}` : "");
  };
  const [own, others] =
    side === "left" ? [sides.onlyLeft, sides.onlyRight] : [sides.onlyRight, sides.onlyLeft];
  if (own.length > 0) parts.push(say("swipe.with", { what: names(own) }));
  else if (others.length > 0) parts.push(say("swipe.without", { what: names(others) }));
  return parts.length > 0 ? parts.join(", ") : say(`swipe.${side}`);
}

function box(context: ToolContext): TemplateResult {
  const { say } = context.words;
  const { swipe } = context.screen;
  now = context;
  if (swipe === null) return html``;
  const span = yearsOf(context);
  const byLayers = swipe.layers !== null || span === null;
  return html`${toolHead(context, say("map.swipe"), () => context.change({ swipe: null }))}
    <p class="hint">${say("swipe.about")}</p>
    <fieldset class="swipe-choice">
      <legend>${say("swipe.right-shows")}</legend>
      ${
        span === null
          ? nothing
          : choice(say("swipe.other-year"), !byLayers, () =>
              put(context, { layers: null, year: middle(span) }),
            )
      }
      ${choice(say("swipe.other-layers"), byLayers, () =>
        put(context, { layers: otherLayers(context.layers, context.shown), year: null }),
      )}
    </fieldset>
    ${byLayers ? layers(context, swipe) : year(context, swipe, span)}
    ${context.in3d ? html`<p class="hint">${say("swipe.not-split")}</p>` : nothing}
    <button type="button" class="btn" @click=${() => context.change({ swipe: null })}>${say("swipe.stop")}</button>`;
}

function choice(label: string, on: boolean, choose: () => void): TemplateResult {
  return html`<label class="swipe-option"><input type="radio" name="swipe-kind" .checked=${on} @change=${choose} />${label}</label>`;
}

function put({ screen, change }: ToolContext, patch: Partial<Swipe>): void {
  if (screen.swipe !== null) change({ swipe: { ...screen.swipe, ...patch } });
}

function year(context: ToolContext, swipe: Swipe, span: YearSpan): TemplateResult {
  const { say } = context.words;
  const right = swipe.year ?? context.screen.year ?? span.last;
  return html`<div class="swipe-year">
    <label for="swipe-year">${say("swipe.year")} <output>${right}</output></label>
    <input type="range" id="swipe-year" min=${span.first} max=${span.last} step="1" .value=${String(right)}
      @pointerdown=${() => passing.hold()} @pointerup=${() => passing.rest()} @pointercancel=${() => passing.rest()}
      @input=${(event: Event) =>
        passing.put({ swipe: { ...swipe, year: Number((event.target as HTMLInputElement).value) } })} />
  </div>`;
}

/** One for as long as the page lives: the box itself is drawn anew with every year. */
let now: ToolContext | null = null;
const passing = new Passing(
  (patch, step) => now?.change(patch, step),
  () => now?.screen ?? FIRST_SCREEN,
);

function layers(context: ToolContext, swipe: Swipe): TemplateResult {
  const on = new Set(swipe.layers ?? context.shown);
  const toggle = (id: string) => {
    if (on.has(id)) on.delete(id);
    else on.add(id);
    put(context, { layers: context.layers.map((one) => one.id).filter((one) => on.has(one)) });
  };
  return html`<ul class="swipe-layers">
    ${context.layers
      .filter((layer) => !(context.in3d && tooManyShapes(layer)))
      .map(
        (layer) => html`<li><label class="swipe-option"><input type="checkbox" .checked=${on.has(layer.id)}
          @change=${() => toggle(layer.id)} />${context.words.text(layer.title)}</label></li>`,
      )}
  </ul>`;
}

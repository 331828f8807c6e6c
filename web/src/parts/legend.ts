/** The legend of the colours on the map: classes from the server, with "onbekend" at the end. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer } from "../api/shapes";
import { isRamp, UNKNOWN_COLOUR } from "../drawing/legend";
import { isPlanned } from "../drawing/planned";
import { coloured } from "../state/looks";
import type { ColourChoice } from "../state/screen";
import { timed } from "../state/years";
import type { Words } from "../words/words";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";

export function columnTitle(layer: Layer | undefined, column: string, words: Words): string {
  const found = layer?.columns.find((one) => one.name === column);
  return found === undefined ? column : words.text(found.title);
}

/** The legends of all layers that are on and coloured by an attribute. */
export function legends(context: PanelContext): TemplateResult | typeof nothing {
  const found = coloured(context.screen.looks).filter(({ layer }) => context.shown.includes(layer));
  const drawn = [
    ...found.flatMap((choice) => legend(context, choice, found.length > 1)),
    ...timeLegend(context),
  ];
  return drawn.length === 0 ? nothing : html`<section class="legend">${drawn}</section>`;
}

/** One legend, or none while its classes are not there. `named`: with the layer it is about. */
function legend(context: PanelContext, choice: ColourChoice, named: boolean): readonly TemplateResult[] {
  const { words } = context;
  const classes = context.legends.classes(choice);
  if (classes === null) return [];
  const layer = context.layers.find((one) => one.id === choice.layer);
  const what = columnTitle(layer, choice.column, words).toLowerCase();
  const of = named && layer !== undefined ? `${words.text(layer.title)}: ` : "";
  return [
    html`<h2>${of}${words.say("panel.legend", { what })}</h2>
    <ul class=${isRamp(classes) ? "ramp" : "keys"}>
      ${classes.map((one) => entry(one.colour, words.text(one.label), false))}
      ${entry(UNKNOWN_COLOUR, words.say("panel.unknown"), true)}
    </ul>`,
  ];
}

/** Of which year the map is, and how what is planned is drawn. */
function timeLegend({ words, layers, shown, screen }: PanelContext): readonly TemplateResult[] {
  const on = layers.filter((layer) => shown.includes(layer.id));
  const { year } = screen;
  const plans = on.filter(isPlanned);
  const parts: TemplateResult[] = [];
  if (year !== null && timed(on).length > 0)
    parts.push(html`<p class="of-year">${words.say("time.hides", { year })}</p>`);
  if (plans.length > 0) {
    parts.push(html`<ul class="keys">
      ${plans.map((layer) => html`<li><i class="planned"></i>${words.text(layer.title)} (${words.say("time.planned")})</li>`)}
    </ul>`);
  }
  return parts;
}

function entry(colour: string, label: string, apart: boolean): TemplateResult {
  return html`<li class=${apart ? "apart" : ""}><i ${painted({ background: colour })}></i>${label}</li>`;
}

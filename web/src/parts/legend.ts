/** The legend of the colours on the map: classes from the server, with "onbekend" at the end. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer } from "../api/shapes";
import { classesOf, isRamp, UNKNOWN_COLOUR } from "../drawing/legend";
import type { ColourChoice } from "../state/screen";
import type { Words } from "../words/words";
import { painted } from "./painted";

export function columnTitle(layer: Layer | undefined, column: string, words: Words): string {
  const found = layer?.columns.find((one) => one.name === column);
  return found === undefined ? column : words.text(found.title);
}

/** The legend of a choice, or nothing when there is none or its layer is off. */
export function legend(
  words: Words,
  layers: readonly Layer[],
  shown: readonly string[],
  choice: ColourChoice | null,
): TemplateResult | typeof nothing {
  const classes = classesOf(layers, choice);
  if (choice === null || classes === null || !shown.includes(choice.layer)) return nothing;
  const layer = layers.find((one) => one.id === choice.layer);
  const title = words.say("panel.legend", { what: columnTitle(layer, choice.column, words).toLowerCase() });
  return html`<section class="legend" aria-label=${title}>
    <h2>${title}</h2>
    <ul class=${isRamp(classes) ? "ramp" : "keys"}>
      ${classes.map((one) => entry(one.colour, words.text(one.label), false))}
      ${entry(UNKNOWN_COLOUR, words.say("panel.unknown"), true)}
    </ul>
  </section>`;
}

function entry(colour: string, label: string, apart: boolean): TemplateResult {
  return html`<li class=${apart ? "apart" : ""}><i ${painted({ background: colour })}></i>${label}</li>`;
}

/** How the values of a column are spread: bars in the colours of its classes, and the same in a sentence. */

import { html, nothing, type TemplateResult } from "lit";
import type { Column, ColumnSummary } from "../api/shapes";
import { colourOf } from "../drawing/legend";
import { amountWords } from "../words/conditions";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";

export function histogram(
  context: PanelContext,
  column: Column,
  summary: ColumnSummary,
): TemplateResult | typeof nothing {
  const bars = summary.histogram;
  const highest = Math.max(...bars.map((bar) => bar.count), 0);
  if (highest === 0 || summary.lowest === null || summary.highest === null) return nothing;
  const { words } = context;
  const most = bars.find((bar) => bar.count === highest);
  // The edges of bars fall between whole numbers where the values do not.
  const whole = column.type === "integer" || summary.highest - summary.lowest > 50;
  const said = (value: number) =>
    amountWords(whole ? Math.round(value) : Number(value.toPrecision(3)), column, words);
  const classes = context.legends.classes({ layer: summary.layer, column: column.name }) ?? [];
  const colour = (middle: number) => (classes.length === 0 ? "" : colourOf(middle, classes));
  const sentence = words.say("panel.histogram", {
    lowest: said(summary.lowest),
    highest: said(summary.highest),
    from: said(most?.lower ?? summary.lowest),
    to: said(most?.upper ?? summary.highest),
  });
  return html`<div class="histogram">
    <div class="bars" aria-hidden="true">
      ${bars.map(
        (bar) =>
          html`<i ${painted({
            height: `${bar.count === 0 ? 0 : Math.max(4, Math.round((bar.count / highest) * 100))}%`,
            background: colour((bar.lower + bar.upper) / 2),
          })}></i>`,
      )}
    </div>
    <p class="hint">${sentence}</p>
  </div>`;
}

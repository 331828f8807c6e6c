/** The conditions that hold for a layer, each with a button that takes it away, and how many objects are left. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer } from "../api/shapes";
import type { Condition } from "../state/conditions";
import { lookOf, withLook } from "../state/looks";
import { conditionWords } from "../words/conditions";
import { icon } from "./icons";
import type { PanelContext } from "./panel-context";

/** `named`: with a word before them that says what they are. */
export function chips(context: PanelContext, layer: Layer, named = false): TemplateResult | typeof nothing {
  const where = lookOf(context.screen, layer.id).where ?? [];
  if (where.length === 0) return nothing;
  return html`<ul class="chips" aria-label=${context.words.say("panel.filters")}>
      ${named ? html`<li class="hint">${context.words.say("panel.filtered")}</li>` : nothing}
      ${where.map((one) => chip(context, layer, one))}
    </ul>
    ${left(context, layer, where)}`;
}

function chip(context: PanelContext, layer: Layer, one: Condition): TemplateResult {
  const words = conditionSaid(context, layer, one);
  const label = context.words.say("panel.filter.remove", { what: words });
  return html`<li><button type="button" class="chip" aria-label=${label}
    @click=${(event: Event) => remove(event, context, layer, one)}><span>${words}</span>${icon("close", 16)}</button></li>`;
}

/** Values of a category in the words of the summary, once they are there. */
function conditionSaid(context: PanelContext, layer: Layer, one: Condition): string {
  const column = layer.columns.find((each) => each.name === one.column);
  const asks = one.values !== undefined && column !== undefined;
  const summary = asks ? context.legends.summary({ layer: layer.id, column: one.column }) : null;
  return conditionWords(one, column, summary, context.words);
}

function left(
  context: PanelContext,
  layer: Layer,
  where: readonly Condition[],
): TemplateResult | typeof nothing {
  const count = context.counts.of(layer.id, where);
  if (count === null) return nothing;
  const { words } = context;
  const what = words.counted(layer.count, layer.noun);
  const values = { count: words.number(count), all: words.number(layer.count), what };
  return html`<p class="hint left" role="status">${words.say("panel.filter.left", values)}</p>`;
}

/**
 * The next chip keeps the focus: it is drawn in the place of this one. The last one gives it to the one
 * before it, and the only one to what stood around them.
 */
function remove(event: Event, context: PanelContext, layer: Layer, one: Condition): void {
  const item = (event.currentTarget as Element).closest("li");
  const stays = item?.nextElementSibling != null;
  const next = stays ? item.querySelector("button") : item?.previousElementSibling?.querySelector("button");
  const around = item?.closest(".layer")?.querySelector<HTMLElement>(".adjust");
  const where = (lookOf(context.screen, layer.id).where ?? []).filter((each) => each !== one);
  context.change({ looks: withLook(context.screen.looks, layer.id, { where }) });
  (next ?? around ?? document.querySelector<HTMLElement>(".map, #table-title"))?.focus();
}

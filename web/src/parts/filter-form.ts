/** Makes a condition on a column: numbers between two, some of the categories, or exactly one text. */

import { html, nothing, type TemplateResult } from "lit";
import type { Column, ColumnSummary, Layer } from "../api/shapes";
import type { Condition } from "../state/conditions";
import { lookOf, withLook } from "../state/looks";
import { columnWords } from "../words/columns";
import { valueWords } from "../words/conditions";
import { histogram } from "./histogram";
import type { PanelContext } from "./panel-context";

/** The server takes no more. */
const MOST_CONDITIONS = 10;
const MOST_VALUES = 50;

export function filterForm(context: PanelContext, layer: Layer): TemplateResult {
  const { say } = context.words;
  const id = `filter-${layer.id}`;
  const chosen = context.memory.filterColumn(layer.id);
  const column = layer.columns.find((one) => one.name === chosen);
  const choose = (event: Event) =>
    context.memory.chooseFilterColumn(layer.id, (event.target as HTMLSelectElement).value);
  return html`<label for=${id}>${say("panel.filter")}</label>
    <select id=${id} @change=${choose}>
      <option value="" ?selected=${chosen === ""}>${say("panel.filter.choose")}</option>
      ${layer.columns.map(
        (one) =>
          html`<option value=${one.name} ?selected=${one.name === chosen}>${columnWords(one, context.words)}</option>`,
      )}
    </select>
    ${column === undefined ? nothing : fields(context, layer, column)}`;
}

function fields(context: PanelContext, layer: Layer, column: Column): TemplateResult {
  const { say } = context.words;
  const choice = { layer: layer.id, column: column.name };
  const summary = context.legends.summary(choice);
  if (summary === null) {
    const failed = context.legends.failed(choice);
    return html`<p class="hint" role="status">${say(failed ? "panel.filter.failed" : "panel.filter.loading")}</p>`;
  }
  const before = (lookOf(context.screen, layer.id).where ?? []).find((one) => one.column === column.name);
  const kinds = { number: numbers, category: categories, text: exactText };
  return html`<form class="filter-form" aria-label=${say("panel.filter.on", { column: context.words.text(column.title) })}
    @submit=${(event: SubmitEvent) => submit(event, context, layer, summary)}>
    ${kinds[summary.kind](context, layer, column, summary, before)}
    ${unknown(context, summary, before)}
    <p class="fault" role="alert"></p>
    <button class="btn">${say("panel.filter.apply")}</button>
  </form>`;
}

function numbers(
  context: PanelContext,
  layer: Layer,
  column: Column,
  summary: ColumnSummary,
  before: Condition | undefined,
): TemplateResult {
  const { say } = context.words;
  const field = (name: "from" | "to", value: number | undefined, hint: number | null) => {
    const id = `filter-${layer.id}-${name}`;
    return html`<div><label for=${id}>${say(`panel.filter.${name}`)}</label>
      <input id=${id} name=${name} type="text" inputmode="decimal" autocomplete="off" maxlength="20"
        .value=${written(value)} placeholder=${written(hint)} /></div>`;
  };
  return html`${histogram(context, column, summary)}
    <div class="bounds">
      ${field("from", before?.from, summary.lowest)}${field("to", before?.to, summary.highest)}
    </div>`;
}

function categories(
  context: PanelContext,
  _layer: Layer,
  column: Column,
  summary: ColumnSummary,
  before: Condition | undefined,
): TemplateResult {
  const { words } = context;
  const shown = summary.values.slice(0, MOST_VALUES);
  return html`<fieldset class="choices">
    <legend class="vh">${words.text(column.title)}</legend>
    ${shown.map(
      ({ value, count }) => html`<label><input type="checkbox" name="value" value=${value}
        .checked=${before?.values?.includes(value) ?? false} /><span>${valueWords(value, column, summary, words)}</span>
        <span class="hint">${words.number(count)}</span></label>`,
    )}
    ${
      summary.distinct > shown.length
        ? html`<p class="hint">${words.say("panel.filter.more", { count: shown.length, all: words.number(summary.distinct) })}</p>`
        : nothing
    }
  </fieldset>`;
}

function exactText(
  context: PanelContext,
  layer: Layer,
  _column: Column,
  _summary: ColumnSummary,
  before: Condition | undefined,
): TemplateResult {
  const id = `filter-${layer.id}-text`;
  return html`<div class="exact"><label for=${id}>${context.words.say("panel.filter.exact")}</label>
    <input id=${id} name="value" type="text" maxlength="200" autocomplete="off" .value=${before?.values?.[0] ?? ""} /></div>`;
}

function unknown(
  { words }: PanelContext,
  summary: ColumnSummary,
  before: Condition | undefined,
): TemplateResult | typeof nothing {
  if (summary.missing === 0) return nothing;
  return html`<label class="also"><input type="checkbox" name="unknown" .checked=${before?.unknown === true} /><span>${words.say("panel.filter.unknown")}</span>
    <span class="hint">${words.number(summary.missing)}</span></label>`;
}

function submit(event: SubmitEvent, context: PanelContext, layer: Layer, summary: ColumnSummary): void {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const made = conditionOf(new FormData(form), summary);
  const others = (lookOf(context.screen, layer.id).where ?? []).filter((one) => one.column !== summary.name);
  const fault =
    typeof made === "string" ? made : others.length >= MOST_CONDITIONS ? "panel.filter.too-many" : null;
  const said = form.querySelector(".fault");
  if (said !== null) said.textContent = fault === null ? "" : context.words.say(fault);
  if (fault !== null || typeof made === "string") {
    form.querySelector<HTMLInputElement>("input")?.focus();
    return;
  }
  context.change({ looks: withLook(context.screen.looks, layer.id, { where: [...others, made] }) });
}

/** The condition that is filled in, or the key of the sentence that says what is wrong with it. */
export function conditionOf(data: FormData, { name, kind }: ColumnSummary): Condition | string {
  const also = data.get("unknown") === null ? {} : { unknown: true };
  if (kind === "number") {
    const [from, to] = [numberIn(data.get("from")), numberIn(data.get("to"))];
    if (Number.isNaN(from) || Number.isNaN(to)) return "panel.filter.no-number";
    if (from !== undefined && to !== undefined && from > to) return "panel.filter.order";
    if (from === undefined && to === undefined && also.unknown === undefined) return "panel.filter.nothing";
    return {
      column: name,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...also,
    };
  }
  const values = data
    .getAll("value")
    .flatMap((one) => (typeof one === "string" && one.trim() !== "" ? [one.trim()] : []));
  if (values.length === 0 && also.unknown === undefined) return "panel.filter.nothing";
  return { column: name, ...(values.length === 0 ? {} : { values }), ...also };
}

/** “1.650” and “12,5” as people write them here; NaN for what is no number. */
function numberIn(text: FormDataEntryValue | null): number | undefined {
  const typed = typeof text === "string" ? text.trim().replaceAll(/\s/g, "") : "";
  if (typed === "") return undefined;
  const plain = /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(typed) ? typed.replaceAll(".", "") : typed;
  const dotted = plain.replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(dotted) ? Number(dotted) : Number.NaN;
}

function written(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value).replace(".", ",");
}

/** All that one can do with a layer, and all that is known about it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Column, Layer } from "../api/shapes";
import { lookOf, withLook } from "../state/looks";
import { columnWords } from "../words/columns";
import { chips } from "./chips";
import { filterForm } from "./filter-form";
import type { PanelContext } from "./panel-context";

const LEAST_OPACITY = 10;

export function layerControls(context: PanelContext, layer: Layer, on: boolean): TemplateResult {
  return html`<div class="controls">
    ${on ? [colours(context, layer), filters(context, layer), opacity(context, layer)] : nothing}
    ${about(context, layer)}
    <p>
      <a class="as-table" href=${context.link(`/lijst/${layer.id}`)}
        @click=${(event: MouseEvent) => table(event, context, layer)}>${context.words.say("panel.as-table")}</a>
    </p>
  </div>`;
}

/** Columns by which the map can be coloured: those of which the server says so, and those with a legend. */
export function colourColumns(layer: Layer): readonly Column[] {
  const own = layer.style.classes ?? {};
  return layer.columns.filter((column) => column.colourable === true || Object.hasOwn(own, column.name));
}

function colours(context: PanelContext, layer: Layer): TemplateResult | typeof nothing {
  const columns = colourColumns(layer);
  if (columns.length === 0) return nothing;
  const { say } = context.words;
  const chosen = lookOf(context.screen, layer.id).colour ?? "";
  const id = `colour-${layer.id}`;
  return html`<div class="control">
    <label for=${id}>${say("panel.colour")}</label>
    <select id=${id} @change=${(event: Event) => colourBy(event, context, layer)}>
      <option value="" ?selected=${chosen === ""}>${say("panel.no-colour")}</option>
      ${columns.map(
        (column) =>
          html`<option value=${column.name} ?selected=${chosen === column.name}>${columnWords(column, context.words)}</option>`,
      )}
    </select>
    ${colourState(context, layer, chosen)}
  </div>`;
}

/** Until the classes are there, and when they do not come. */
function colourState(context: PanelContext, layer: Layer, column: string): TemplateResult | typeof nothing {
  if (!colourColumns(layer).some((one) => one.name === column)) return nothing;
  const choice = { layer: layer.id, column };
  const { say } = context.words;
  if (context.legends.classes(choice) !== null) return nothing;
  const state = context.legends.failed(choice)
    ? "panel.colour.failed"
    : context.legends.summary(choice) === null
      ? "panel.colour.loading"
      : "panel.colour.none";
  return html`<p class="hint" role="status">${say(state)}</p>`;
}

function colourBy(event: Event, context: PanelContext, layer: Layer): void {
  const column = (event.target as HTMLSelectElement).value;
  const colour = column === "" ? undefined : column;
  context.change({ looks: withLook(context.screen.looks, layer.id, { colour }) });
}

function filters(context: PanelContext, layer: Layer): TemplateResult | typeof nothing {
  if (layer.columns.length === 0) return nothing;
  return html`<div class="control" role="group" aria-label=${context.words.say("panel.filters")}>
    ${chips(context, layer)}${filterForm(context, layer)}
  </div>`;
}

/** The map follows when the slider is let go; its words follow at once. */
function opacity(context: PanelContext, layer: Layer): TemplateResult {
  const { memory, screen, words } = context;
  const kept = Math.round((lookOf(screen, layer.id).opacity ?? 1) * 100);
  const percent = memory.sliding?.layer === layer.id ? memory.sliding.percent : kept;
  const id = `opacity-${layer.id}`;
  const said = words.say("panel.percent", { percent });
  const read = (event: Event) => Number((event.target as HTMLInputElement).value);
  const put = (event: Event) => {
    const value = read(event);
    memory.put({ sliding: null });
    context.change({
      looks: withLook(screen.looks, layer.id, { opacity: value === 100 ? undefined : value / 100 }),
    });
  };
  return html`<div class="control">
    <div class="row between"><label for=${id}>${words.say("panel.opacity")}</label><span class="hint">${said}</span></div>
    <input type="range" id=${id} min=${LEAST_OPACITY} max="100" step="5" .value=${String(percent)} aria-valuetext=${said}
      @input=${(event: Event) => memory.put({ sliding: { layer: layer.id, percent: read(event) } })} @change=${put} />
  </div>`;
}

function about({ words }: PanelContext, layer: Layer): TemplateResult {
  const { say } = words;
  const licence = layer.licenceClass === "B" ? "panel.licence-unconfirmed" : "panel.licence";
  const lines = [
    words.text(layer.description),
    words.text(layer.missing) && say("panel.missing", { what: words.text(layer.missing) }),
    say("panel.source", { source: layer.source }),
    layer.steward && say("panel.steward", { steward: layer.steward }),
    say("panel.date", { date: words.date(layer.date) }),
    say(licence, { licence: layer.licence }),
  ];
  return html`<div class="control about">
    <h3>${say("panel.about")}</h3>
    ${lines.map((line) => (line ? html`<p class="hint">${line}</p>` : nothing))}
  </div>`;
}

/** Sorted by what colours it: that is what one wants to see more of. */
function table(event: MouseEvent, context: PanelContext, layer: Layer): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { colour } = lookOf(context.screen, layer.id);
  context.change({ table: { layer: layer.id, query: colour === undefined ? {} : { sorteer: colour } } });
}

/** A layer in the panel: on or off, one line of facts, and behind a button all that one can do with it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer } from "../api/shapes";
import { tooManyShapes } from "../drawing/in-scene";
import { looksOf } from "../state/looks";
import { chips } from "./chips";
import { layerControls } from "./layer-controls";
import type { PanelContext } from "./panel-context";
import { swatch } from "./swatch";

/** Data older than this is said to be old. */
const OLD_AFTER_YEARS = 5;

export function layerRow(context: PanelContext, layer: Layer): TemplateResult {
  const { words, memory } = context;
  const { say } = words;
  const on = context.shown.includes(layer.id);
  const id = `layer-${layer.id}`;
  const open = memory.adjusts(layer.id);
  const title = words.text(layer.title);
  return html`<div class="layer ${on ? "" : "off"} ${open ? "open" : ""}">
    <div class="layer-head">
      <input type="checkbox" id=${id} .checked=${on} aria-describedby="${id}-about" @change=${() => toggle(context, layer)} />
      <label for=${id}>${title}</label>
      ${swatch(context, layer)}
      <p class="hint" id="${id}-about">${facts(context, layer)}</p>
      <button type="button" class="adjust" aria-expanded=${open} aria-controls="${id}-controls"
        aria-label="${say(on ? "panel.adjust" : "panel.explain")}: ${title}"
        @click=${() => memory.adjust(layer.id, !open)}>${say(on ? "panel.adjust" : "panel.explain")}</button>
    </div>
    ${on && context.in3d && tooManyShapes(layer) ? html`<p class="hint only-flat">${say("panel.only-flat")}</p>` : nothing}
    ${on && !open ? chips(context, layer) : nothing}
    <div id="${id}-controls" ?hidden=${!open}>${open ? layerControls(context, layer, on) : nothing}</div>
  </div>`;
}

/** That all of a twin is invented stands above the map already. */
function facts({ words, twin }: PanelContext, layer: Layer): TemplateResult {
  const { say } = words;
  return html`${say("panel.count", {
    count: words.number(layer.count),
    what: words.counted(layer.count, layer.noun),
    date: words.date(layer.date),
  })}
  ${isOld(layer.date) ? html`<span class="q q-stale">${say("panel.old")}</span>` : nothing}
  ${layer.invented && !twin.invented ? html`<span class="q q-suspect">${say("panel.invented")}</span>` : nothing}`;
}

function toggle(context: PanelContext, layer: Layer): void {
  const on = new Set(context.shown);
  if (on.has(layer.id)) on.delete(layer.id);
  else on.add(layer.id);
  const layers = context.layers.map((one) => one.id).filter((id) => on.has(id));
  context.change({ layers, looks: looksOf(context.screen.looks, layers) });
}

function isOld(date: string): boolean {
  const year = Number(/\d{4}/.exec(date)?.[0]);
  return Number.isFinite(year) && new Date().getFullYear() - year > OLD_AFTER_YEARS;
}

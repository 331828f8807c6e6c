/** What lies in a drawn area, and the area as a file. */

import { html, nothing, type TemplateResult } from "lit";
import { geoJsonOf } from "../../measure/sketch-file";
import type { Sketch } from "../../state/screen";
import type { ToolContext } from "../map-tools";
import { download } from "./downloads";
import { countsIn, type LayerCount, MOST_CANDIDATES } from "./region-counts";
import { isKnotted } from "./results";

type State =
  | { readonly is: "busy" }
  | { readonly is: "failed" }
  | { readonly is: "done"; readonly counts: readonly LayerCount[] };

/** Of the area that was counted last; it is asked for by hand, and not with every corner. */
let counted: { readonly of: string; readonly state: State } | null = null;

export function regionPart(context: ToolContext, sketch: Sketch): TemplateResult {
  const { say } = context.words;
  const knotted = isKnotted(sketch);
  const state = counted?.of === keyOf(context, sketch) ? counted.state : null;
  const file = () => download("gebied.geojson", "application/geo+json", geoJsonOf(sketch));
  return html`<div class="region">
    ${
      knotted
        ? nothing
        : html`<div class="row actions">
      <button type="button" class="btn" data-action="count" ?disabled=${state?.is === "busy"}
        @click=${() => void count(context, sketch)}>${say("measure.count")}</button>
      <button type="button" class="btn" data-action="geojson" @click=${file}>${say("measure.geojson")}</button>
    </div>`
    }
    <div role="status">${state === null || knotted ? nothing : answer(context, state)}</div>
  </div>`;
}

/** Everything on which the answer depends. */
function keyOf({ screen, shown }: ToolContext, sketch: Sketch): string {
  return JSON.stringify([sketch.points, shown, screen.looks, screen.year]);
}

async function count(context: ToolContext, sketch: Sketch): Promise<void> {
  const of = keyOf(context, sketch);
  counted = { of, state: { is: "busy" } };
  context.redraw();
  const layers = context.layers.filter(({ id }) => context.shown.includes(id));
  let state: State;
  try {
    state = { is: "done", counts: await countsIn(context.client, context.screen, layers, sketch.points) };
  } catch {
    state = { is: "failed" };
  }
  // Another area may have been asked for meanwhile.
  if (counted?.of === of) counted = { of, state };
  context.redraw();
}

function answer({ words }: ToolContext, state: State): TemplateResult {
  const { say } = words;
  if (state.is === "busy") return html`<p class="hint">${say("measure.counting")}</p>`;
  if (state.is === "failed") return html`<p class="caution">${say("measure.count-failed")}</p>`;
  if (state.counts.length === 0) return html`<p class="hint">${say("measure.no-layers")}</p>`;
  return html`<p class="hint">${say("measure.counted")}</p>
    <ul class="counts">${state.counts.map(({ layer, count: found }) =>
      found === null
        ? html`<li>${words.text(layer.title)}: ${say("measure.too-many", { most: words.number(MOST_CANDIDATES) })}</li>`
        : html`<li><b>${words.number(found)}</b> ${words.counted(found, layer.noun)}</li>`,
    )}</ul>`;
}

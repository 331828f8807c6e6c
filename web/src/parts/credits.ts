/** Who made what is on the map. */

import { html, type TemplateResult } from "lit";
import type { PanelContext } from "./panel-context";

export function credits(context: PanelContext): TemplateResult {
  const { say } = context.words;
  const on = context.layers.filter((layer) => context.shown.includes(layer.id));
  const base = context.in3d ? [] : (context.twin.bases ?? []).filter((one) => one.id === context.screen.base);
  const measured = (context.live.part?.on ?? []).flatMap(({ sources }) => sources);
  const makers = [
    ...on.map((layer) => layer.source),
    ...measured.map((source) => source.publisher || context.words.text(source.title)),
    ...base.map((one) => one.attribution),
  ];
  const sources = [...new Set(makers)].join(", ");
  return html`<p class="credits">
    ${sources === "" ? "" : html`<span>${say("map.sources", { sources })}</span>`}
    <a href=${context.link("/bronnen")}>${say("map.all-sources")}</a>
    <a href=${context.link("/toegankelijkheid")}>${say("map.accessibility")}</a>
  </p>`;
}

/** The legend of the live layers that are on: classes, norm, what is old, and of which moment it all is. */

import { html, nothing, type TemplateResult } from "lit";
import { LIVE } from "../drawing/palette";
import type { PanelContext } from "../parts/panel-context";
import type { Words } from "../words/words";
import { classLooks } from "./class-colours";
import type { LivePart } from "./live-part";
import { marks } from "./mark-words";
import { glyphOf, legendForm } from "./marks";
import type { LiveLayer } from "./shapes";
import { symbolImage } from "./symbol-picture";
import { momentWords } from "./words";

export function legendSections(context: PanelContext, part: LivePart): readonly TemplateResult[] {
  return part.on.map((layer) => section(context, part, layer));
}

function section(context: PanelContext, part: LivePart, layer: LiveLayer): TemplateResult {
  const { words, screen } = context;
  const { say } = words;
  return html`<section class="live-legend">
    <h3>${titleOf(words, layer)}</h3>
    <p class="hint live-marks">${marks(words, layer)}</p>
    ${screen.moment === null ? nothing : html`<p class="hint">${say("map.live.as-measured", { moment: momentWords(words, part.momentOf(layer.id, screen.moment)) })}</p>`}
    <ul class="keys live-keys">
      ${keys(words, layer)}
      ${layer.observed === null ? nothing : html`<li>${symbolImage({ form: legendForm(layer, { colour: "", above: false }), stale: true })}<span>${say("map.live.stale")}</span></li>`}
    </ul>
    ${layer.norm === null ? nothing : html`<p class="hint live-norm">${normWords(words, layer)}</p>`}
  </section>`;
}

function titleOf(words: Words, layer: LiveLayer): string {
  const title = words.text(layer.title);
  if (layer.observed === null) return title;
  const observed = words.text(layer.observed);
  if (layer.unit === "") return `${title}: ${observed}`;
  return words.say("map.live.legend", { layer: title, what: observed, unit: layer.unit });
}

function keys(words: Words, layer: LiveLayer): readonly TemplateResult[] {
  const looks = classLooks(layer);
  const glyph = glyphOf(layer);
  if (layer.classes.length === 0 || layer.symbol === "sign") {
    const look = { colour: LIVE.place, above: false };
    const form = legendForm(layer, look);
    const colour = form === "warning" ? LIVE.warning : LIVE.place;
    const what = words.text(layer.observed ?? layer.title);
    return [html`<li>${symbolImage({ form, colour, glyph })}<span>${what}</span></li>`];
  }
  return layer.classes.map((one, n) => {
    const look = looks[n] ?? { colour: LIVE.place, above: false };
    const image = symbolImage({ form: legendForm(layer, look), colour: look.colour, glyph });
    return html`<li>${image}<span>${words.text(one.label)}</span></li>`;
  });
}

/** “WHO-advieswaarde: 25 µg/m³, gemiddeld over een dag. Vanaf de norm is het teken een ruit.” */
function normWords(words: Words, { norm, unit }: LiveLayer): string {
  if (norm === null) return "";
  const period = words.say(`map.live.period.${norm.period.replace("8 hours", "eight-hours")}`);
  const limit = `${words.number(norm.limit)} ${unit}`.trim();
  return words.say("map.live.norm", { name: words.text(norm.name), limit, period });
}

/** Live layers in the panel: on or off, whether they are live or a recording, how their sources do, and what they show. */

import { html, nothing, type TemplateResult } from "lit";
import { LIVE } from "../drawing/palette";
import type { PanelContext } from "../parts/panel-context";
import { isOn, showing, switched, tableOfLive } from "../state/live";
import type { Words } from "../words/words";
import { classLooks, NO_CLASS } from "./class-colours";
import type { LivePart } from "./live-part";
import { marks } from "./mark-words";
import { glyphOf, legendForm } from "./marks";
import type { LiveLayer, LiveSource } from "./shapes";
import { symbolImage } from "./symbol-picture";
import { ageWords, isPlayed, sourceState } from "./words";

/** The rows of a theme. */
export function liveRows(
  context: PanelContext,
  part: LivePart,
  theme: string,
): TemplateResult | typeof nothing {
  const layers = part.layers.filter((layer) => layer.theme.nl === theme);
  return layers.length === 0 ? nothing : html`${layers.map((layer) => row(context, part, layer))}`;
}

function row(context: PanelContext, part: LivePart, layer: LiveLayer): TemplateResult {
  const { words, memory, screen } = context;
  const { say } = words;
  const on = isOn(screen.live, layer.id);
  const id = `live-${layer.id}`;
  const open = memory.adjusts(id);
  const title = words.text(layer.title);
  return html`<div class="layer live-layer ${on ? "" : "off"} ${open ? "open" : ""}">
    <div class="layer-head">
      <input type="checkbox" id=${id} .checked=${on} aria-describedby="${id}-marks ${id}-about"
        @change=${() => context.change({ live: switched(screen.live, layer.id) })} />
      <label for=${id}>${title}</label>
      ${sample(layer)}
      <p class="hint" id="${id}-about">
        ${howMany(words, layer)}
      </p>
      <button type="button" class="adjust" aria-expanded=${open} aria-controls="${id}-controls"
        aria-label="${say(on ? "panel.adjust" : "panel.explain")}: ${title}"
        @click=${() => memory.adjust(id, !open)}>${say(on ? "panel.adjust" : "panel.explain")}</button>
    </div>
    <p class="hint live-state" id="${id}-marks">${marks(words, layer)}</p>
    ${on ? state(context, part, layer) : nothing}
    <div id="${id}-controls" ?hidden=${!open}>${open ? controls(context, layer, on) : nothing}</div>
  </div>`;
}

function howMany(words: Words, { count, observed }: LiveLayer): string {
  const key = observed === null ? "map.live.places" : count === 1 ? "map.live.point" : "map.live.points";
  return words.say(key, { count: words.number(count) });
}

function sample(layer: LiveLayer): TemplateResult {
  const looks = classLooks(layer);
  const look = looks[Math.floor(looks.length / 2)] ?? NO_CLASS;
  const form = legendForm(layer, look);
  const colour = form === "warning" ? LIVE.warning : look.colour;
  return symbolImage({ form, colour, glyph: glyphOf(layer) });
}

/** How it is doing now: what it holds, the newest of it, and each source that is not well. */
function state(context: PanelContext, part: LivePart, layer: LiveLayer): TemplateResult {
  const { words, screen } = context;
  const values = part.valuesOf(layer.id);
  const lines = [
    values?.state === "loading" && values.values.size === 0 ? words.say("map.live.loading") : "",
    values?.state === "many" ? words.say("map.live.many") : "",
    values?.state === "failed" ? words.say("map.live.failed") : "",
    values?.state === "there" ? inView(context, part, layer) : "",
    ...(screen.moment === null ? layer.sources.map((source) => sourceState(words, source)) : []),
  ].filter((line) => line !== "");
  return html`${lines.map((line) => html`<p class="hint live-state">${line}</p>`)}`;
}

/** A layer in the answer to a question: how much of it is recent, and whether it is live. */
export function liveAnswer(context: PanelContext, part: LivePart, layer: LiveLayer): TemplateResult {
  const { words } = context;
  return html`<p class="hint">${words.text(layer.title)} ${marks(words, layer)}</p>${state(context, part, layer)}`;
}

function inView({ words, screen }: PanelContext, part: LivePart, layer: LiveLayer): string {
  const values = [...(part.valuesOf(layer.id)?.values.values() ?? [])];
  if (values.length === 0) return words.say("map.live.none-in-view");
  if (layer.observed === null) return "";
  const old = values.filter((value) => part.isStale(layer, value)).length;
  // How old something is in a recording says nothing of today.
  const now = values.filter(({ feature }) => !part.isRecorded(layer, feature.properties.source));
  const ages = now.flatMap((value) => part.ageOf(layer, value) ?? []);
  const recent = words.say(isPlayed(layer) ? "map.live.measured" : "map.live.recent", {
    count: words.number(values.length - old),
    all: words.number(values.length),
  });
  if (ages.length === 0 || screen.moment !== null) return recent;
  return `${recent} ${words.say("map.live.newest", { age: ageWords(words.say, Math.min(...ages)) })}`;
}

function controls(context: PanelContext, layer: LiveLayer, on: boolean): TemplateResult {
  const { say } = context.words;
  return html`<div class="controls">
    ${on ? shows(context, layer) : nothing}
    <div class="control about">
      <h3>${say("panel.about")}</h3>
      <p class="hint">${context.words.text(layer.description)}</p>
      ${layer.sources.map((source) => about(context, source))}
      <p><a href=${context.link("/bronnen")}>${say("map.live.how-sources")}</a></p>
    </div>
    <p>
      <a class="as-table" href=${context.link(`/lijst/${tableOfLive(layer.id)}`)}
        @click=${(event: MouseEvent) => table(event, context, layer)}>${say("panel.as-table")}</a>
    </p>
  </div>`;
}

/** Which of the things that are measured colours the map; left out where there is one. */
function shows({ words, screen, change }: PanelContext, layer: LiveLayer): TemplateResult | typeof nothing {
  if (layer.properties.length < 2) return nothing;
  const chosen = screen.live.find((one) => one.layer === layer.id)?.observed ?? "";
  const id = `live-shows-${layer.id}`;
  const put = (event: Event) => {
    const observed = (event.target as HTMLSelectElement).value;
    change({ live: showing(screen.live, layer.id, observed) });
  };
  return html`<div class="control">
    <label for=${id}>${words.say("map.live.shows")}</label>
    <select id=${id} @change=${put}>
      <option value="" ?selected=${chosen === ""}>${words.say("map.live.shows.any")}</option>
      ${layer.properties.map(
        (one) =>
          html`<option value=${one.id} ?selected=${chosen === one.id}>${words.text(one.title)}</option>`,
      )}
    </select>
  </div>`;
}

function about({ words }: PanelContext, source: LiveSource): TemplateResult {
  const { say } = words;
  const lines = [
    say("map.live.source", {
      source: words.text(source.title),
      publisher: source.publisher,
      licence: source.licence,
    }),
    source.recording === null ? "" : say("map.live.recording.long", { date: words.date(source.recording) }),
    source.invented ? say("map.live.invented.long") : "",
    sourceState(words, source),
  ];
  return html`${lines.map((line) => (line === "" ? nothing : html`<p class="hint">${line}</p>`))}`;
}

function table(event: MouseEvent, context: PanelContext, layer: LiveLayer): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  context.change({ table: { layer: tableOfLive(layer.id), query: {} } });
}

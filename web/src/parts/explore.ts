/** "Verken": the layers by theme, what is known about them, and by what they are coloured. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer, StyleRole } from "../api/shapes";
import { tooManyShapes } from "../drawing/in-scene";
import { CITY } from "../drawing/palette";
import { isPlanned } from "../drawing/planned";
import { lookOf, looksOf, withLook } from "../state/looks";
import { chevron, icon } from "./icons";
import { columnTitle } from "./legend";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";

const SWATCHES: Readonly<Record<StyleRole, string>> = {
  building: CITY.roof,
  water: CITY.water,
  street: CITY.street,
  path: CITY.path,
  park: CITY.park,
  area: "transparent",
  boundary: "transparent",
  plain: CITY.line,
};

/** Kinds with a colour of their own, whatever their role. */
const OF_KIND: Readonly<Record<string, string>> = { trees: CITY.tree };
/** The column of tubes that says what they carry: their colours on the map without another choice. */
const CARRIES = "leiding";

/** Data older than this is said to be old. */
const OLD_AFTER_YEARS = 5;

export function explore(context: PanelContext): TemplateResult {
  const { say } = context.words;
  const themes = [...new Set(context.layers.map((layer) => layer.theme.nl))];
  return html`<p class="panel-back">
      <a href=${context.addressOf({ panel: "home", looks: {}, selection: null, layers: null })}
        @click=${(event: MouseEvent) => toHome(event, context)}>${say("panel.back")}</a>
    </p>
    <div class="row between">
      <h2 class="title" id="panel-title" tabindex="-1">${say("panel.layers")}</h2>
      <button type="button" class="x" aria-label=${say("panel.close")} @click=${() => context.change({ panel: "closed" })}>
        ${icon("close")}
      </button>
    </div>
    <p class="hint">${say(context.shown.length === 1 ? "panel.one-on" : "panel.on", { count: context.shown.length })}</p>
    ${answer(context)}
    ${context.layers.length === 0 ? html`<p>${say("panel.no-layers")}</p>` : nothing}
    ${themes.map((name) => theme(context, name))}`;
}

function toHome(event: MouseEvent, context: PanelContext): void {
  event.preventDefault();
  context.change({ panel: "home", looks: {}, selection: null, layers: null });
}

/** The question's answer in a sentence with a number, an age and a source. */
function answer(context: PanelContext): TemplateResult | typeof nothing {
  const question = context.asked;
  if (question === null) return nothing;
  const { say, number, date, text } = sayings(context);
  const parts = question.layers.map((layer) =>
    say("panel.answer.part", {
      count: number(layer.count),
      what: context.words.counted(layer.count, layer.noun),
      date: date(layer.date),
      source: layer.source,
    }),
  );
  const missing = question.layers.map((layer) => text(layer.missing)).filter((what) => what !== "");
  return html`<div class="answer-box">
    <p class="answer">${say(`panel.answer.${question.id}`)}</p>
    ${parts.map((part) => html`<p class="hint">${part}</p>`)}
    ${missing.map((what) => html`<p class="hint">${say("panel.answer.missing", { what })}</p>`)}
  </div>`;
}

function theme(context: PanelContext, name: string): TemplateResult {
  const { say } = context.words;
  const layers = context.layers.filter((layer) => layer.theme.nl === name);
  const title = layers[0] === undefined ? name : context.words.text(layers[0].theme);
  const on = layers.filter((layer) => context.shown.includes(layer.id)).length;
  return html`<details class="theme" open>
    <summary>${chevron}<b>${title}</b><span>${say("panel.theme-on", { count: on })}</span></summary>
    ${layers.map((layer) => row(context, layer))}
  </details>`;
}

function row(context: PanelContext, layer: Layer): TemplateResult {
  const { say, number, date, text } = sayings(context);
  const on = context.shown.includes(layer.id);
  const id = `layer-${layer.id}`;
  return html`<div class="layer ${on ? "" : "off"}">
    <input type="checkbox" id=${id} .checked=${on} aria-describedby="${id}-about" @change=${() => toggle(context, layer)} />
    <label for=${id}>${text(layer.title)}</label>
    ${swatch(context, layer)}
    <p class="hint" id="${id}-about">
      ${say("panel.count", {
        count: number(layer.count),
        what: context.words.counted(layer.count, layer.noun),
        date: date(layer.date),
      })}
      ${isOld(layer.date) ? html`<span class="q q-stale">${say("panel.old")}</span>` : nothing}
      ${layer.invented ? html`<span class="q q-suspect">${say("panel.invented")}</span>` : nothing}
    </p>
    ${on && layer.kind === "tubes" ? keys(context, layer) : nothing}
    ${on && context.in3d && tooManyShapes(layer) ? html`<p class="hint">${say("panel.only-flat")}</p>` : nothing}
    ${on ? colours(context, layer) : nothing}
    <details class="more">
      <summary>${say("panel.about")}</summary>
      ${text(layer.description) ? html`<p class="hint">${text(layer.description)}</p>` : nothing}
      ${text(layer.missing) ? html`<p class="hint">${say("panel.missing", { what: text(layer.missing) })}</p>` : nothing}
      <p class="hint">${say("panel.source", { source: layer.source })}</p>
      <p class="hint">
        ${say(layer.licenceClass === "B" ? "panel.licence-unconfirmed" : "panel.licence", { licence: layer.licence })}
      </p>
      <p class="hint">
        <a href=${context.link(`/lijst/${layer.id}`)} @click=${(event: MouseEvent) => table(event, context, layer)}
          >${say("panel.as-table")}</a>
      </p>
    </details>
  </div>`;
}

/** What the tubes on the map are, and whether their depth is known, in words. */
function keys(context: PanelContext, layer: Layer): TemplateResult {
  const classes = layer.style.classes?.[CARRIES] ?? [];
  return html`<ul class="keys in-row">
    ${classes.map((one) => html`<li><i ${painted({ background: one.colour })}></i>${context.words.text(one.label)}</li>`)}
  </ul>`;
}

function colours(context: PanelContext, layer: Layer): TemplateResult | typeof nothing {
  const columns = Object.keys(layer.style.classes ?? {});
  if (columns.length === 0) return nothing;
  const { say } = context.words;
  const chosen = lookOf(context.screen, layer.id).colour ?? "";
  const id = `colour-${layer.id}`;
  return html`<div class="colour-choice">
    <label for=${id}>${say("panel.colour")}</label>
    <select id=${id} @change=${(event: Event) => colourBy(event, context, layer)}>
      <option value="" ?selected=${chosen === ""}>${say("panel.no-colour")}</option>
      ${columns.map(
        (column) =>
          html`<option value=${column} ?selected=${chosen === column}>${columnTitle(layer, column, context.words)}</option>`,
      )}
    </select>
  </div>`;
}

function swatch(context: PanelContext, layer: Layer): TemplateResult {
  const column = lookOf(context.screen, layer.id).colour ?? (layer.kind === "tubes" ? CARRIES : "");
  const classes = column === "" ? [] : (context.legends.classes({ layer: layer.id, column }) ?? []);
  const steps = classes.map((one) => one.colour).join(",");
  const plain = OF_KIND[layer.kind] ?? SWATCHES[layer.style.role];
  const background = classes.length > 1 ? `linear-gradient(90deg,${steps})` : (classes[0]?.colour ?? plain);
  const outlined = layer.style.role === "area" || layer.style.role === "boundary";
  return html`<span class="swatch ${outlined ? "dashed" : ""} ${isPlanned(layer) ? "planned" : ""} ${layer.kind === "trees" ? "round" : ""}" ${painted({ background })} aria-hidden="true"></span>`;
}

function toggle(context: PanelContext, layer: Layer): void {
  const on = new Set(context.shown);
  if (on.has(layer.id)) on.delete(layer.id);
  else on.add(layer.id);
  const layers = context.layers.map((one) => one.id).filter((id) => on.has(id));
  context.change({ layers, looks: looksOf(context.screen.looks, layers) });
}

function colourBy(event: Event, context: PanelContext, layer: Layer): void {
  const column = (event.target as HTMLSelectElement).value;
  const colour = column === "" ? undefined : column;
  context.change({ looks: withLook(context.screen.looks, layer.id, { colour }) });
}

function table(event: MouseEvent, context: PanelContext, layer: Layer): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  context.change({ table: { layer: layer.id, query: {} } });
}

function isOld(date: string): boolean {
  const year = Number(/\d{4}/.exec(date)?.[0]);
  return Number.isFinite(year) && new Date().getFullYear() - year > OLD_AFTER_YEARS;
}

function sayings(context: PanelContext) {
  const { words } = context;
  return {
    say: words.say,
    number: (value: number) => words.number(value),
    date: (value: string) => words.date(value),
    text: (value: Layer["description"]) => words.text(value),
  };
}

/** "Verken": the layers by theme, with a field that searches them, and what lies below them. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer } from "../api/shapes";
import { foundLayers, type Theme, themesOf } from "../state/layer-search";
import { isOn } from "../state/live";
import type { Screen } from "../state/screen";
import { answer } from "./answer";
import { baseChoice } from "./base-choice";
import { chevron, icon } from "./icons";
import { layerRow } from "./layer-row";
import type { PanelContext } from "./panel-context";
import { tabs } from "./tabs";

/** With fewer layers than this one sees them all at once. */
const SEARCHED_FROM = 6;
const TO_HOME: Partial<Screen> = {
  panel: "home",
  looks: {},
  selection: null,
  layers: null,
  live: [],
  moment: null,
};

export function explore(context: PanelContext): TemplateResult {
  const { say } = context.words;
  const { memory, layers } = context;
  const found = foundLayers(layers, memory.search);
  const searches = memory.search.trim() !== "";
  return html`${tabs(context)}
    <p class="panel-back">
      <a href=${context.addressOf(TO_HOME)}
        @click=${(event: MouseEvent) => toHome(event, context)}>${say("panel.back")}</a>
    </p>
    <div class="row between">
      <h2 class="title" id="panel-title" tabindex="-1">${say("panel.layers")}</h2>
      <button type="button" class="x" aria-label=${say("panel.close")} @click=${() => context.change({ panel: "closed" })}>
        ${icon("close")}
      </button>
    </div>
    <p class="hint">${howMany(context)}</p>
    ${answer(context)}
    ${layers.length === 0 ? html`<p>${say("panel.no-layers")}</p>` : nothing}
    ${layers.length < SEARCHED_FROM ? nothing : searchField(context)}
    <p class="hint found" role="status">${searches ? foundWords(context, found.length) : nothing}</p>
    ${themes(context, found).map((one) => theme(context, one, searches))}
    ${baseChoice(context)}`;
}

/** Those of the layers that were found, and, while one does not search, those of live measurements. */
function themes({ live, memory }: PanelContext, found: readonly Layer[]): readonly Theme[] {
  const own = themesOf(found);
  if (memory.search.trim() !== "") return own;
  const names = [...new Set(live.layers.map((layer) => layer.theme.nl))];
  const more = names.filter((name) => own.every((one) => one.name !== name));
  return [...more.map((name) => ({ name, layers: [] })), ...own];
}

function toHome(event: MouseEvent, context: PanelContext): void {
  event.preventDefault();
  context.change(TO_HOME);
}

/** Of the layers that this twin has: an address may name others. */
function howMany({ words, layers, shown, live }: PanelContext): string {
  const own = layers.filter((layer) => shown.includes(layer.id)).length;
  const count = own + (live.part?.on.length ?? 0);
  if (count === 0) return words.say("panel.none-on");
  return words.say(count === 1 ? "panel.one-on" : "panel.on", { count });
}

function foundWords({ words }: PanelContext, count: number): string {
  if (count === 0) return words.say("panel.search.none");
  return words.say(count === 1 ? "panel.search.one" : "panel.search.found", { count });
}

function searchField({ words, memory }: PanelContext): TemplateResult {
  const { say } = words;
  return html`<div class="search layer-search">
    ${icon("search")}
    <input type="search" aria-label=${say("panel.search")} placeholder=${say("panel.search")} maxlength="60"
      autocomplete="off" .value=${memory.search}
      @input=${(event: Event) => memory.put({ search: (event.target as HTMLInputElement).value })} />
  </div>`;
}

/** While one searches, all that is found is in sight. */
function theme(context: PanelContext, { name, layers }: Theme, searches: boolean): TemplateResult {
  const { memory, words, shown, live } = context;
  const measured = searches ? [] : live.layers.filter((layer) => layer.theme.nl === name);
  const [first] = [...layers, ...measured];
  const on =
    layers.filter((layer) => shown.includes(layer.id)).length +
    measured.filter(({ id }) => isOn(context.screen.live, id)).length;
  const open = memory.themeOpen(name, on > 0) || searches;
  const toggle = (event: Event) => {
    event.preventDefault();
    if (!searches) memory.openTheme(name, !open);
  };
  return html`<details class="theme" .open=${open}>
    <summary @click=${toggle}>${chevron}<b>${first === undefined ? name : words.text(first.theme)}</b><span>${themeCount(context, on, layers.length + measured.length)}</span></summary>
    ${open && measured.length > 0 ? live.part?.rows(context, name) : nothing}
    ${open ? layers.map((layer) => layerRow(context, layer)) : nothing}
  </details>`;
}

function themeCount({ words }: PanelContext, on: number, all: number): string {
  if (on > 0) return words.say("panel.theme-on", { count: on });
  return words.say(all === 1 ? "panel.theme-one" : "panel.theme-all", { count: all });
}

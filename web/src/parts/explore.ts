/** "Verken": the layers by theme, with a field that searches them, and what lies below them. */

import { html, nothing, type TemplateResult } from "lit";
import { foundLayers, type Theme, themesOf } from "../state/layer-search";
import { answer } from "./answer";
import { baseChoice } from "./base-choice";
import { chevron, icon } from "./icons";
import { layerRow } from "./layer-row";
import type { PanelContext } from "./panel-context";
import { tabs } from "./tabs";

/** With fewer layers than this one sees them all at once. */
const SEARCHED_FROM = 6;

export function explore(context: PanelContext): TemplateResult {
  const { say } = context.words;
  const { memory, layers } = context;
  const found = foundLayers(layers, memory.search);
  const searches = memory.search.trim() !== "";
  return html`${tabs(context)}
    <p class="panel-back">
      <a href=${context.addressOf({ panel: "home", looks: {}, selection: null, layers: null })}
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
    ${themesOf(found).map((one) => theme(context, one, searches))}
    ${baseChoice(context)}`;
}

function toHome(event: MouseEvent, context: PanelContext): void {
  event.preventDefault();
  context.change({ panel: "home", looks: {}, selection: null, layers: null });
}

/** Of the layers that this twin has: an address may name others. */
function howMany({ words, layers, shown }: PanelContext): string {
  const count = layers.filter((layer) => shown.includes(layer.id)).length;
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
  const { memory, words, shown } = context;
  const [first] = layers;
  const on = layers.filter((layer) => shown.includes(layer.id)).length;
  const open = memory.themeOpen(name, on > 0) || searches;
  const toggle = (event: Event) => {
    event.preventDefault();
    if (!searches) memory.openTheme(name, !open);
  };
  return html`<details class="theme" .open=${open}>
    <summary @click=${toggle}>${chevron}<b>${first === undefined ? name : words.text(first.theme)}</b><span>${themeCount(context, on, layers.length)}</span></summary>
    ${open ? layers.map((layer) => layerRow(context, layer)) : nothing}
  </details>`;
}

function themeCount({ words }: PanelContext, on: number, all: number): string {
  if (on > 0) return words.say("panel.theme-on", { count: on });
  return words.say(all === 1 ? "panel.theme-one" : "panel.theme-all", { count: all });
}

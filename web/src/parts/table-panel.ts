/** The table instead of the map: the server's own table, of the same objects. */

import { html, noChange, type TemplateResult } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import type { Layer } from "../api/shapes";
import { listQuery, liveTable, MEASURED, tableOfLive } from "../state/live";
import type { ObjectKey, Screen, TableView } from "../state/screen";
import type { Words } from "../words/words";
import "./fragment";
import { icon } from "./icons";
import type { PanelContext } from "./panel-context";

/** What has a list. */
export type Listed = Pick<Layer, "id" | "title">;

/** The layers of the twin, then those of live measurements. */
export function listsOf({ layers, live, screen }: PanelContext): readonly Listed[] {
  const measured = live.layers.map(({ id, title }) => ({ id: tableOfLive(id), title }));
  const asked = liveTable(screen.table?.layer ?? "");
  // Until the server has said which there are, the list that is asked for is taken to be there.
  if (asked !== null && !live.known) measured.push({ id: tableOfLive(asked), title: { nl: asked } });
  return [...layers, ...measured];
}

/** A list of measurements shows the same property as the map. */
export function asOnMap({ live }: Screen, table: TableView): TableView {
  return { ...table, query: { ...table.query, ...listQuery(live, table.layer) } };
}

/** The list of what is on: of measurements, when those are. */
export function firstList({ live }: Screen, shown: readonly string[]): string | undefined {
  const last = live.at(-1);
  return last === undefined ? shown[0] : tableOfLive(last.layer);
}

export interface TableActions {
  load(table: TableView): Promise<string>;
  /** The conditions that hold for a layer, as the address writes them. */
  where(layer: string): readonly string[];
  /** The moment that the map looks back at; null for now. */
  readonly moment: string | null;
  /** The address of the same rows as a file. */
  file(table: TableView): string;
  /** The address of a layer's list on the server. */
  path(layer: string): string;
  /** What the addresses of measuring points begin with. */
  readonly points: string;
  /** Its row is marked. */
  readonly chosen: ObjectKey | null;
  layer(id: string): void;
  /** Another page, order or filter. */
  query(layer: string, query: URLSearchParams): void;
  choose(key: ObjectKey): void;
  close(): void;
}

export function tablePanel(
  words: Words,
  layers: readonly Listed[],
  table: TableView,
  actions: TableActions,
): TemplateResult {
  const { say } = words;
  const layer = layers.find((one) => one.id === table.layer);
  if (layer === undefined) return noList(words, layers, actions);
  const asked = `${table.layer}?${new URLSearchParams(table.query)}`;
  const address = [asked, ...actions.where(table.layer), actions.moment ?? ""].join("&");
  return html`<section class="table-view" aria-labelledby="table-title" @click=${(event: MouseEvent) => click(event, table, actions)}
    @submit=${(event: SubmitEvent) => submit(event, table, actions)}>
    <div class="row between table-head">
      <div>
        <h1 class="title-1" id="table-title" tabindex="-1">${words.text(layer.title)}</h1>
        <p class="hint">${say("map.table.same")}</p>
      </div>
      <div class="row">
        <label for="table-layer">${say("map.table.layer")}</label>
        <select id="table-layer" @change=${(event: Event) => actions.layer((event.target as HTMLSelectElement).value)}>
          ${layers.map((one) => html`<option value=${one.id} ?selected=${one.id === table.layer}>${words.text(one.title)}</option>`)}
        </select>
        <a class="btn" href=${actions.file(table)} download aria-label=${say("map.table.csv")}>CSV</a>
        <button type="button" class="btn" @click=${actions.close}>${icon("map")}${say("map.table.close")}</button>
      </div>
    </div>
    <tw-fragment .say=${say} .address=${address} .load=${() => actions.load(table)} ${markedRow(actions.chosen)}
      @fragment-shown=${(event: Event) => markRow(event.currentTarget as Element, actions.chosen)}></tw-fragment>
    <p class="hint">${say("map.table.key")}</p>
  </section>`;
}

/** An address with a layer that this twin has not. */
function noList(words: Words, layers: readonly Listed[], actions: TableActions): TemplateResult {
  const { say } = words;
  return html`<section class="table-view" aria-labelledby="table-title">
    <div class="row between table-head">
      <h1 class="title-1" id="table-title" tabindex="-1">${say("map.no-list.title")}</h1>
      <button type="button" class="btn" @click=${actions.close}>${icon("map")}${say("map.table.close")}</button>
    </div>
    <p>${say("map.no-list.text")}</p>
    <ul class="no-list">
      ${layers.map((one) => html`<li><button type="button" class="btn quiet" @click=${() => actions.layer(one.id)}>${words.text(one.title)}</button></li>`)}
    </ul>
  </section>`;
}

/** The link of the object's row. */
export function rowOf(root: Element, key: ObjectKey): HTMLElement | undefined {
  return [...root.querySelectorAll<HTMLElement>("th[scope=row] a")].find((link) => isRowOf(link, key));
}

function isRowOf(link: Element, key: ObjectKey): boolean {
  const path = new URL(link.getAttribute("href") ?? "", location.href).pathname;
  const own = key.layer === MEASURED ? `/${MEASURED}/${key.id}` : `/lijst/${key.layer}/${key.id}`;
  return decodeURIComponent(path).endsWith(own);
}

class MarkedRow extends Directive {
  render(_: ObjectKey | null): unknown {
    return noChange;
  }

  /** The rows are the server's: the mark is set on them after each drawing. */
  override update(part: ElementPart, [key]: [ObjectKey | null]): unknown {
    markRow(part.element, key);
    return noChange;
  }
}

const markedRow = directive(MarkedRow);

function markRow(table: Element, key: ObjectKey | null): void {
  for (const link of table.querySelectorAll("th[scope=row] a")) {
    if (key !== null && isRowOf(link, key)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Links inside the table change the screen; with a modifier key they stay ordinary links. */
function click(event: MouseEvent, table: TableView, actions: TableActions): void {
  const link = (event.target as Element).closest("a");
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const address = new URL(link.href, location.href);
  if (address.origin !== location.origin) return;
  if (address.pathname.startsWith(actions.points)) {
    event.preventDefault();
    actions.choose({
      layer: MEASURED,
      id: decodeURIComponent(address.pathname.slice(actions.points.length)),
    });
    return;
  }
  const path = actions.path(table.layer);
  const rest = address.pathname.slice(path.length);
  if (!address.pathname.startsWith(path) || (rest !== "" && !rest.startsWith("/"))) return;
  event.preventDefault();
  if (rest === "") actions.query(table.layer, address.searchParams);
  else actions.choose({ layer: table.layer, id: rest.slice(1).split("/").map(decodeURIComponent).join("/") });
}

function submit(event: SubmitEvent, table: TableView, actions: TableActions): void {
  const form = event.target as HTMLFormElement;
  if (!form.classList.contains("filter")) return;
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") query.append(name, value);
  actions.query(table.layer, query);
}

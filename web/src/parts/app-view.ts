/** How the screen is put together from its parts. */

import { html, nothing, type TemplateResult } from "lit";
import { bringsHeading } from "../state/screen";
import { type CardActions, card } from "./card";
import { credits } from "./credits";
import { explore } from "./explore";
import { home } from "./home";
import { legends } from "./legend";
import { type MapButtons, mapButtons } from "./map-buttons";
import { offeredTools, type ToolContext, toolsOn } from "./map-tools";
import type { SheetHeight, SheetMoved } from "./sheet";
import "./sheet";
import { type StateBox, stateBox } from "./states";
import { asOnMap, listsOf, type TableActions, tablePanel } from "./table-panel";
import { timeStrip } from "./time-strip";

export interface AppView {
  readonly context: ToolContext;
  readonly sheet: SheetHeight;
  readonly spoken: string;
  readonly notice: StateBox | null;
  readonly buttons: MapButtons;
  readonly card: CardActions;
  readonly table: TableActions;
  mapKeys(event: KeyboardEvent): void;
  sheetMoved(height: SheetHeight): void;
}

export function drawApp(view: AppView): TemplateResult {
  const { context } = view;
  const { phone, screen, words } = context;
  const { say } = words;
  const table = screen.table !== null;
  const time = timeStrip(context);
  const docked = screen.panel === "explore" && !phone;
  // On a phone a box of a tool stands in the place of the first panel.
  const boxed = phone && boxes(context).length > 0;
  return html`<div class="stage ${table ? "with-table" : ""} ${docked ? "docked" : ""}">
      ${bringsHeading(screen, phone) && !boxed ? nothing : html`<h1 class="vh">${say("map.title", { place: words.text(context.twin.title) })}</h1>`}
      <div class="map" tabindex=${table ? -1 : 0} role="application" aria-label=${say("map.label")}
        aria-describedby="map-help" ?inert=${table} @keydown=${view.mapKeys}></div>
      <p class="vh" id="map-help">${say("map.help")}</p>
      ${table ? nothing : mapButtons(context, view.buttons)}
      ${table ? nothing : offeredTools(context).map((tool) => tool.over?.(context) ?? nothing)}
      ${screen.table === null ? nothing : tablePanel(words, listsOf(context), asOnMap(screen, screen.table), view.table)}
      ${phone ? nothing : panel(context)}
      ${phone || table || screen.walking ? nothing : legends(context)}
      ${phone ? nothing : side(view)}
      ${view.notice === null || table ? nothing : html`<div class="toast">${stateBox(say, view.notice)}</div>`}
      ${phone && !table && time !== nothing ? html`<div class="time-above">${time}</div>` : nothing}
      ${phone && !(table && screen.selection === null) ? sheet(view) : nothing}
    </div>
    ${
      phone
        ? nothing
        : html`<footer class="foot slim ${time !== nothing && !table ? "with-time" : ""}">
          ${table ? nothing : time}${credits(context)}
        </footer>`
    }
    <p class="vh" role="status" aria-live="polite" id="spoken">${view.spoken}</p>`;
}

function panelContent(context: ToolContext): TemplateResult {
  return context.screen.panel === "explore" ? explore(context) : home(context);
}

function panel(context: ToolContext): TemplateResult | typeof nothing {
  const { screen } = context;
  if (screen.panel === "closed" || screen.table !== null) return nothing;
  const isHome = screen.panel === "home";
  return html`<aside class="panel ${isHome ? "home" : ""}" aria-labelledby="panel-title">${panelContent(context)}</aside>`;
}

/** The boxes of the tools that are on; over a table there are none. */
function boxes(context: ToolContext): readonly TemplateResult[] {
  if (context.screen.table !== null) return [];
  return toolsOn(context).flatMap((tool) =>
    tool.box === undefined
      ? []
      : [html`<div class="tool-box" data-box=${tool.id}>${tool.box(context)}</div>`],
  );
}

/** Right of the map: the boxes of tools, and the card of what is chosen. */
function side({ context, card: actions }: AppView): TemplateResult | typeof nothing {
  const { selection } = context.screen;
  const { say } = context.words;
  const on = boxes(context);
  if (selection === null && on.length === 0) return nothing;
  const label = say(selection === null ? "map.tools.boxes" : "map.card.label");
  return html`<section class="card-holder" aria-label=${label}>
    ${on}${selection === null ? nothing : card(say, selection, actions)}
  </section>`;
}

function sheet(view: AppView): TemplateResult {
  const { context } = view;
  const { selection } = context.screen;
  const { say } = context.words;
  const on = boxes(context);
  const rest =
    selection !== null
      ? card(say, selection, view.card)
      : on.length > 0
        ? nothing
        : html`${legends(context)}${panelContent(context)}<div class="sheet-credits">${credits(context)}</div>`;
  return html`<tw-sheet .say=${say} .height=${view.sheet} .content=${html`${on}${rest}`}
    @sheet-moved=${(event: SheetMoved) => view.sheetMoved(event.detail.height)}></tw-sheet>`;
}

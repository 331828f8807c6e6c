/** The screen: map, panel, card, tools, table and sheet, all drawn from one state document. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Place } from "../api/shapes";
import { tableQuery } from "../state/address";
import { firstLayers, type Question, questions } from "../state/questions";
import { bringsHeading, type ObjectKey, type Screen, sameKey, type View } from "../state/screen";
import { hasUnderground, turnedUnderground } from "../state/underground";
import type { AppParts } from "./app-parts";
import { type CardNews, card, NO_NEWS } from "./card";
import { credits } from "./credits";
import { explore } from "./explore";
import { closeSearch, focusSearch, keepLanguageLink, markTable } from "./header";
import { home } from "./home";
import { coveredBy } from "./insets";
import { legend } from "./legend";
import { MapKeeper, type MapOwner } from "./map-keeper";
import { NoticeKeeper } from "./notice-keeper";
import { type PanelContext, panelContext } from "./panel-context";
import { SearchBox } from "./search-box";
import type { SheetHeight, SheetMoved } from "./sheet";
import "./sheet";
import { shortcutOf } from "./shortcuts";
import { stateBox } from "./states";
import { rowOf, tablePanel } from "./table-panel";
import { tools } from "./tools";

const PHONE = "(max-width: 639.98px)";

export class TweestadApp extends LitElement {
  static override properties = {
    parts: { attribute: false },
    screen: { state: true },
    phone: { state: true },
    sheet: { state: true },
    asked: { state: true },
    view: { state: true },
    heading: { state: true },
    spoken: { state: true },
    told: { state: true },
  };

  declare parts: AppParts;
  private declare screen: Screen;
  private declare phone: boolean;
  private declare sheet: SheetHeight;
  private declare asked: Question | null;
  private declare view: View | null;
  private declare heading: number;
  private declare spoken: string;
  private declare told: CardNews;
  private map: MapKeeper | null = null;
  private focusCard = false;
  private readonly notices = new NoticeKeeper(
    () => this.say,
    { toFlat: () => this.toView("2d"), toTable: () => this.toggleTable() },
    () => this.requestUpdate(),
  );
  private searchBox: SearchBox | null = null;
  private readonly narrow = matchMedia(PHONE);
  private readonly stop = new AbortController();

  constructor() {
    super();
    this.phone = this.narrow.matches;
    this.sheet = "half";
    this.asked = null;
    this.view = null;
    this.heading = 0;
    this.spoken = "";
    this.told = NO_NEWS;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { store } = this.parts;
    this.screen = store.get();
    store.subscribe((now, before) => this.changed(now, before));
    markTable(this.say, this.screen.table !== null);
    const how = { signal: this.stop.signal };
    this.narrow.addEventListener("change", (event) => (this.phone = event.matches), how);
    addEventListener("resize", () => this.cover(), how);
    addEventListener("keydown", (event) => this.key(event), how);
    addEventListener("online", () => this.notices.connection(), how);
    addEventListener("offline", () => this.notices.connection(), how);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
    this.map?.destroy();
  }

  private get shown(): readonly string[] {
    return this.screen.layers ?? firstLayers(this.parts.layers);
  }

  private get say() {
    return this.parts.words.say;
  }

  protected override firstUpdated(): void {
    const host = this.querySelector<HTMLElement>(".map");
    if (host === null) return;
    this.map = new MapKeeper(host, this.parts, this.owner());
    this.cover();
    void this.map.start(this.screen.view ?? (this.phone || !this.hasShapes() ? "2d" : "3d"));
    this.requestUpdate();
  }

  private owner(): MapOwner {
    const { store } = this.parts;
    return {
      screen: () => this.screen,
      insets: () => this.insets(),
      change: (patch) => this.change(patch),
      rested: (camera) => store.update({ camera }, "same"),
      turned: (heading) => {
        this.heading = heading;
      },
      loading: (progress) => this.notices.loading(progress, this.screen.view === "2d"),
      ready: (view) => {
        this.view = view;
        this.notices.loaded();
        this.dataset.ready = view;
      },
      fellBack: () => this.notices.flat(),
      failed: () => this.notices.failed(),
      footprintOnly: (only) => {
        this.told = { ...this.told, footprintOnly: only };
      },
      nothingHere: () => {
        this.spoken = this.say("map.nothing-here");
      },
      leave: () => {
        if (this.screen.selection !== null) this.closeCard();
        else this.focusOn(".tools button");
      },
    };
  }

  private change(patch: Partial<Screen>): void {
    if (patch.colour !== undefined || patch.layers !== undefined) this.asked = null;
    this.parts.store.update(patch);
  }

  private changed(now: Screen, before: Screen): void {
    this.screen = now;
    if (!sameKey(now.selection, before.selection)) this.told = NO_NEWS;
    if (this.phone && now.selection !== null && !sameKey(now.selection, before.selection))
      this.sheet = "half";
    this.map?.follow(now, before);
    keepLanguageLink();
    markTable(this.say, now.table !== null);
  }

  private async choosePlace(place: Place): Promise<void> {
    this.focusCard = true;
    const panel = this.screen.panel === "home" ? "explore" : this.screen.panel;
    const selection = place.layer && place.id ? { layer: place.layer, id: place.id } : null;
    this.change({ selection, panel, table: null });
    closeSearch();
    await this.updateComplete;
    this.cover();
    void this.map?.flyTo(place);
  }

  private ask(event: MouseEvent, question: Question): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.change(question.change);
    this.asked = question;
    this.sheet = "half";
    this.focusOn("#panel-title");
    void this.updateComplete.then(() => {
      this.cover();
      this.map?.home(question.id === "age" ? 1 : 1.5);
    });
  }

  /** The focus goes back to where the object was chosen: its row, or the map. */
  private closeCard(): void {
    const { selection, table } = this.screen;
    const row = selection === null || table === null ? undefined : rowOf(this, selection);
    this.change({ selection: null });
    if (row !== undefined) row.focus();
    else this.focusOn(table === null ? ".map" : "#table-title");
  }

  /** Once it is drawn: what had the focus may be gone, and it must not fall back to the page. */
  private focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }

  private toView(view: View): void {
    this.notices.clear();
    this.change({ view });
  }

  /** From the map to the table and back. */
  toggleTable(): void {
    const layer = this.shown[0] ?? this.parts.layers[0]?.id;
    if (layer === undefined) return;
    this.notices.clear();
    const opens = this.screen.table === null;
    // A card of before would stand over the table, and on a phone hide it.
    this.change(opens ? { table: { layer, query: {} }, selection: null } : { table: null });
    this.focusOn(opens ? "#table-title" : ".map");
  }

  private key(event: KeyboardEvent): void {
    const shortcut = shortcutOf(event);
    if (shortcut === null || (shortcut === "close" && this.screen.selection === null)) return;
    event.preventDefault();
    if (shortcut === "search") focusSearch();
    else if (shortcut === "table") this.toggleTable();
    else this.closeCard();
  }

  private mapKeys(event: KeyboardEvent): void {
    this.map?.key(event, () => {
      this.focusCard = true;
    });
  }

  private insets() {
    return coveredBy(this.querySelector<HTMLElement>(".map"), {
      panel: this.querySelector<HTMLElement>(".panel"),
      card: this.querySelector<HTMLElement>(".card-holder"),
      sheet: this.phone ? this.sheet : null,
    });
  }

  private cover(): void {
    this.map?.cover();
  }

  protected override updated(changed: PropertyValues): void {
    const input = this.querySelector<HTMLInputElement>("#ask");
    if (input === null) {
      this.searchBox?.destroy();
      this.searchBox = null;
    } else if (this.searchBox === null) this.searchBox = this.searchFor(input);
    if (changed.has("screen") || changed.has("sheet") || changed.has("phone")) this.cover();
  }

  /** Suggestions on a field; also used for the one in the header. */
  searchFor(input: HTMLInputElement): SearchBox {
    const source = {
      places: (q: string, signal: AbortSignal) => this.parts.client.places(q, signal),
      chosen: (place: Place) => void this.choosePlace(place),
    };
    return new SearchBox(input, source, this.parts.words);
  }

  private context(): PanelContext {
    return panelContext(this.parts, this.screen, {
      shown: this.shown,
      in3d: this.view === "3d",
      asked: this.asked,
      change: (patch) => this.change(patch),
      ask: (event, question) => this.ask(event, question),
    });
  }

  protected override render(): TemplateResult {
    const table = this.screen.table !== null;
    return html`<div class="stage ${table ? "with-table" : ""} ${this.screen.panel === "explore" && !this.phone ? "docked" : ""}">
        ${bringsHeading(this.screen, this.phone) ? nothing : html`<h1 class="vh">${this.say("map.title", { place: this.parts.words.text(this.parts.twin.title) })}</h1>`}
        <div class="map" tabindex=${table ? -1 : 0} role="application" aria-label=${this.say("map.label")}
          aria-describedby="map-help" ?inert=${table} @keydown=${this.mapKeys}></div>
        <p class="vh" id="map-help">${this.say("map.help")}</p>
        ${table ? nothing : this.drawTools()}
        ${table ? this.drawTable() : nothing}
        ${this.phone ? nothing : this.drawPanel()}
        ${this.phone || table ? nothing : this.drawLegend()}
        ${this.phone ? nothing : this.drawCard()}
        ${this.notices.current === null || table ? nothing : html`<div class="toast">${stateBox(this.say, this.notices.current)}</div>`}
        ${this.phone && !(table && this.screen.selection === null) ? this.drawSheet() : nothing}
      </div>
      ${this.phone ? nothing : html`<footer class="foot slim">${credits(this.context())}</footer>`}
      <p class="vh" role="status" aria-live="polite" id="spoken">${this.spoken}</p>`;
  }

  /** Without buildings to stand up the flat map shows all there is, and sooner. */
  private hasShapes(): boolean {
    return this.parts.scene.tilesets.some((tileset) => tileset.role === "buildings");
  }

  private drawTools(): TemplateResult {
    return tools(this.say, {
      view: this.view,
      heading: this.heading,
      can3d: this.map?.can3d ?? false,
      panelOpen: this.phone
        ? this.screen.panel === "explore" && this.screen.selection === null
        : this.screen.panel === "explore",
      north: () => this.map?.north(),
      zoomIn: () => this.map?.zoom(0.6),
      zoomOut: () => this.map?.zoom(1 / 0.6),
      toggleView: () => this.toView(this.view === "3d" ? "2d" : "3d"),
      underground: hasUnderground(this.parts.layers) ? this.screen.underground : null,
      toggleUnderground: () => this.change(turnedUnderground(this.screen, this.parts.layers)),
      home: () => this.map?.home(),
      openPanel: () => this.openPanel(),
    });
  }

  private openPanel(): void {
    this.sheet = "half";
    this.change({ panel: "explore", ...(this.phone ? { selection: null } : {}) });
    this.focusOn("#panel-title");
  }

  private panelContent(): TemplateResult {
    const context = this.context();
    return this.screen.panel === "explore"
      ? explore(context)
      : home(context, questions(this.parts.layers, this.shown));
  }

  private drawPanel(): TemplateResult | typeof nothing {
    if (this.screen.panel === "closed" || this.screen.table !== null) return nothing;
    const isHome = this.screen.panel === "home";
    return html`<aside class="panel ${isHome ? "home" : ""}" aria-labelledby="panel-title">${this.panelContent()}</aside>`;
  }

  private drawLegend(): TemplateResult | typeof nothing {
    return legend(this.parts.words, this.parts.layers, this.shown, this.screen.colour);
  }

  private cardContent(key: ObjectKey): TemplateResult {
    return card(this.say, key, {
      inTable: this.screen.table !== null,
      news: this.told,
      in3d: this.view === "3d" && this.screen.table === null,
      load: () => this.parts.client.card(key.layer, key.id),
      shown: (title, found) => this.cardShown(title, found),
      close: () => this.closeCard(),
      toMap: () => {
        this.change({ table: null });
        this.focusOn("tw-fragment h2");
      },
      told: (text) => {
        this.told = { ...this.told, shared: text };
      },
    });
  }

  private cardShown(title: string, found: boolean): void {
    this.told = { ...this.told, found };
    this.spoken = found ? this.say("map.chosen", { what: title }) : title;
    if (this.focusCard) this.querySelector<HTMLElement>("tw-fragment h2")?.focus();
    this.focusCard = false;
    this.cover();
  }

  private drawCard(): TemplateResult | typeof nothing {
    const { selection } = this.screen;
    if (selection === null) return nothing;
    return html`<section class="card-holder" aria-label=${this.say("map.card.label")}>${this.cardContent(selection)}</section>`;
  }

  private drawTable(): TemplateResult | typeof nothing {
    const { table } = this.screen;
    if (table === null) return nothing;
    const { words, client, layers } = this.parts;
    return tablePanel(words, layers, table, {
      load: () => client.table(table.layer, table.query),
      path: client.below(`/lijst/${encodeURIComponent(table.layer)}`),
      layer: (layer) => this.change({ table: { layer, query: {} } }),
      query: (query) => this.change({ table: { layer: table.layer, query: tableQuery(query) } }),
      chosen: this.screen.selection,
      choose: (selection) => {
        this.focusCard = true;
        this.change({ selection });
      },
      close: () => this.toggleTable(),
    });
  }

  private drawSheet(): TemplateResult {
    const { selection } = this.screen;
    const content =
      selection !== null
        ? this.cardContent(selection)
        : html`${this.drawLegend()}${this.panelContent()}<div class="sheet-credits">${credits(this.context())}</div>`;
    return html`<tw-sheet .say=${this.say} .height=${this.sheet} .content=${content}
      @sheet-moved=${(event: SheetMoved) => {
        this.sheet = event.detail.height;
      }}></tw-sheet>`;
  }
}

customElements.define("tw-app", TweestadApp);

/** The screen: map, panel, card, tools, table and sheet, all drawn from one state document. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Place } from "../api/shapes";
import { tableQuery, writeAddress } from "../state/address";
import { firstLayers, type Question, questions } from "../state/questions";
import { bringsHeading, type ObjectKey, type Screen, sameKey, type View } from "../state/screen";
import { hasUnderground, turnedUnderground } from "../state/underground";
import type { AppParts } from "./app-parts";
import { card } from "./card";
import { credits } from "./credits";
import { explore } from "./explore";
import { closeSearch, focusSearch, keepLanguageLink } from "./header";
import { home } from "./home";
import { coveredBy } from "./insets";
import { legend } from "./legend";
import { MapKeeper, type MapOwner } from "./map-keeper";
import { flatNotice, loadingNotice, type NoticeActions, offlineNotice } from "./notices";
import type { PanelContext } from "./panel-context";
import { SearchBox } from "./search-box";
import type { SheetHeight, SheetMoved } from "./sheet";
import "./sheet";
import { shortcutOf } from "./shortcuts";
import { failureState, type StateBox, stateBox } from "./states";
import { tablePanel } from "./table-panel";
import { tools } from "./tools";

const PHONE = "(max-width: 639.98px)";

export class TweestadApp extends LitElement {
  static override properties = {
    parts: { attribute: false },
    screen: { state: true },
    phone: { state: true },
    sheet: { state: true },
    asked: { state: true },
    notice: { state: true },
    view: { state: true },
    heading: { state: true },
    spoken: { state: true },
  };

  declare parts: AppParts;
  private declare screen: Screen;
  private declare phone: boolean;
  private declare sheet: SheetHeight;
  private declare asked: Question | null;
  private declare notice: StateBox | null;
  private declare view: View | null;
  private declare heading: number;
  private declare spoken: string;
  private map: MapKeeper | null = null;
  private focusCard = false;
  private searchBox: SearchBox | null = null;
  private readonly narrow = matchMedia(PHONE);
  private readonly stop = new AbortController();

  constructor() {
    super();
    this.phone = this.narrow.matches;
    this.sheet = "half";
    this.asked = null;
    this.notice = null;
    this.view = null;
    this.heading = 0;
    this.spoken = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { store } = this.parts;
    this.screen = store.get();
    store.subscribe((now, before) => this.changed(now, before));
    const how = { signal: this.stop.signal };
    this.narrow.addEventListener("change", (event) => (this.phone = event.matches), how);
    addEventListener("resize", () => this.cover(), how);
    addEventListener("keydown", (event) => this.key(event), how);
    addEventListener("online", () => this.online(), how);
    addEventListener("offline", () => this.online(), how);
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
      loading: (progress) => {
        if (progress !== null && this.notice === null) return;
        if (this.notice !== null && this.notice.kind !== "loading") return;
        this.notice = loadingNotice(this.say, this.noticeActions(), progress, this.screen.view === "2d");
      },
      ready: (view) => {
        this.view = view;
        if (this.notice?.kind === "loading") this.notice = null;
        this.dataset.ready = view;
      },
      fellBack: () => {
        this.notice = flatNotice(this.say, this.noticeActions());
      },
      failed: () => {
        this.notice = failureState(this.say, "failed", () => location.reload());
      },
      nothingHere: () => {
        this.spoken = this.say("map.nothing-here");
      },
      leave: () => this.querySelector<HTMLElement>(".tools button")?.focus(),
    };
  }

  private noticeActions(): NoticeActions {
    return {
      toFlat: () => this.toView("2d"),
      toTable: () => this.toggleTable(),
      dismiss: () => {
        this.notice = null;
      },
    };
  }

  private online(): void {
    if (!navigator.onLine) this.notice = offlineNotice(this.say, this.noticeActions());
    else if (this.notice?.kind === "stale") this.notice = null;
  }

  private change(patch: Partial<Screen>): void {
    if (patch.colour !== undefined || patch.layers !== undefined) this.asked = null;
    this.parts.store.update(patch);
  }

  private changed(now: Screen, before: Screen): void {
    this.screen = now;
    if (this.phone && now.selection !== null && !sameKey(now.selection, before.selection))
      this.sheet = "half";
    this.map?.follow(now, before);
    keepLanguageLink();
  }

  private async choosePlace(place: Place): Promise<void> {
    this.focusCard = true;
    const panel = this.screen.panel === "home" ? "explore" : this.screen.panel;
    const selection = place.layer && place.id ? { layer: place.layer, id: place.id } : null;
    this.change({ selection, panel, table: null });
    closeSearch();
    await this.updateComplete;
    this.cover();
    this.map?.flyTo(place);
  }

  private ask(event: MouseEvent, question: Question): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.change(question.change);
    this.asked = question;
    this.sheet = "half";
    void this.updateComplete.then(() => {
      this.cover();
      this.querySelector<HTMLElement>("#panel-title")?.focus();
      this.map?.home(question.id === "age" ? 1 : 1.5);
    });
  }

  private closeCard(): void {
    this.change({ selection: null });
    this.querySelector<HTMLElement>(".map")?.focus();
  }

  private toView(view: View): void {
    this.notice = null;
    this.change({ view });
  }

  /** From the map to the table and back. */
  toggleTable(): void {
    const layer = this.shown[0] ?? this.parts.layers[0]?.id;
    if (layer === undefined) return;
    this.notice = null;
    this.change({ table: this.screen.table === null ? { layer, query: {} } : null });
    if (this.screen.table === null)
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(".map")?.focus());
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
    return new SearchBox(input, source, this.say);
  }

  private context(): PanelContext {
    const { words, twin, layers } = this.parts;
    return {
      words,
      twin,
      layers,
      screen: this.screen,
      shown: this.shown,
      asked: this.asked,
      change: (patch) => this.change(patch),
      ask: (event, question) => this.ask(event, question),
      addressOf: (patch) => location.pathname + writeAddress({ ...this.screen, ...patch }, location.search),
      link: (path) => this.parts.client.below(words.language === "en" ? `${path}?taal=en` : path),
    };
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
        ${this.notice === null || table ? nothing : html`<div class="toast">${stateBox(this.say, this.notice)}</div>`}
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
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("#panel-title")?.focus());
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
      load: () => this.parts.client.card(key.layer, key.id),
      shown: (title) => this.cardShown(title),
      close: () => this.closeCard(),
      toMap: () => this.change({ table: null }),
      spoken: (text) => {
        this.spoken = text;
      },
    });
  }

  private cardShown(title: string): void {
    this.spoken = this.say("map.chosen", { what: title });
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

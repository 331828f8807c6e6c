/** The screen: map, panel, card, tools, table and sheet, all drawn from one state document. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Client } from "../api/client";
import type { Feature, Layer, SceneManifest, Twin } from "../api/shapes";
import { classesOf } from "../drawing/legend";
import type { City, Progress, ScreenPoint, Selection } from "../scene/engine";
import { mapKey } from "../scene/keyboard";
import { freeCentre, type Pose } from "../scene/pose";
import { canDraw3d, homePose, Stage } from "../scene/stage";
import { readAddress, tableQuery, writeAddress } from "../state/address";
import { boundsOf, poseFor } from "../state/bounds";
import { choosePicked } from "../state/choose-picked";
import { firstLayers, type Question, questions } from "../state/questions";
import type { ObjectKey, Screen, View } from "../state/screen";
import type { ScreenStore } from "../state/screen-store";
import type { Words } from "../words/words";
import { cardActions } from "./card-actions";
import { credits } from "./credits";
import { explore } from "./explore";
import type { FragmentShown } from "./fragment";
import "./fragment";
import { home } from "./home";
import { icon } from "./icons";
import { coveredBy } from "./insets";
import { legend } from "./legend";
import type { PanelContext } from "./panel-context";
import { SearchBox } from "./search-box";
import type { SheetHeight, SheetMoved } from "./sheet";
import "./sheet";
import { type StateBox, stateBox } from "./states";
import { tablePanel } from "./table-panel";
import { tools } from "./tools";

export interface AppParts {
  readonly words: Words;
  readonly client: Client;
  readonly twin: Twin;
  readonly layers: readonly Layer[];
  readonly scene: SceneManifest;
  readonly store: ScreenStore;
}

const PHONE = "(max-width: 639.98px)";
const SAY_LOADING_AFTER_MS = 700;
const CLOSE_UP_M = 420;
const MOST_SHAPES = 2000;

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
  declare private screen: Screen;
  declare private phone: boolean;
  declare private sheet: SheetHeight;
  declare private asked: Question | null;
  declare private notice: StateBox | null;
  declare private view: View | null;
  declare private heading: number;
  declare private spoken: string;
  private stage!: Stage;
  private can3d = false;
  private selected: Selection | null = null;
  private focusCard = false;
  private searchBox: SearchBox | null = null;
  private readonly narrow = matchMedia(PHONE);
  private readonly features = new Map<string, Promise<readonly Feature[]>>();
  private readonly stop = new AbortController();
  private loadingTimer = 0;

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
    if (this.screen.selection !== null) this.sheet = "half";
    store.subscribe((now, before) => this.changed(now, before));
    const how = { signal: this.stop.signal };
    this.narrow.addEventListener("change", () => this.resized(), how);
    addEventListener("resize", () => this.cover(), how);
    addEventListener("keydown", (event) => this.key(event), how);
    addEventListener("online", () => this.online(), how);
    addEventListener("offline", () => this.online(), how);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
    this.stage.destroy();
  }

  private get shown(): readonly string[] {
    return this.screen.layers ?? firstLayers(this.parts.layers);
  }

  private get say() {
    return this.parts.words.say;
  }

  // ---- starting -------------------------------------------------------------------------------

  protected override firstUpdated(): void {
    this.can3d = canDraw3d();
    const host = this.querySelector<HTMLElement>(".map");
    if (host === null) return;
    this.stage = new Stage(host, this.city(), {
      moved: (pose, still) => this.moved(pose, still),
      clicked: (point) => void this.pickAt(point),
      ready: (view) => this.ready(view),
      progress: (progress) => this.progressed(progress),
      fellBack: () => this.fellBack(),
      failed: () => this.mapFailed(),
    });
    this.cover();
    void this.start();
    this.requestUpdate();
  }

  private city(): City {
    const { scene, layers, client } = this.parts;
    return {
      scene,
      layers,
      features: (layer) => {
        const known = this.features.get(layer) ?? client.features(layer, MOST_SHAPES);
        this.features.set(layer, known);
        known.catch(() => this.features.delete(layer));
        return known;
      },
    };
  }

  private async start(): Promise<void> {
    const wants = this.screen.view ?? (this.phone ? "2d" : "3d");
    if (wants === "3d" && !this.can3d) this.fellBack();
    await this.loadSelection(this.screen.selection, this.screen.camera === null ? "jump" : "stay");
    this.stage.set(this.toShow());
    await this.showView(this.can3d ? wants : "2d", this.screen.camera ?? this.startPose());
  }

  private startPose(): Pose {
    const first = homePose(this.parts.scene);
    const bounds = this.selected?.geometry ? boundsOf(this.selected.geometry) : null;
    return bounds === null ? first : poseFor(bounds, { ...first, distance: CLOSE_UP_M }, this.mapSize());
  }

  private async showView(view: View, pose: Pose): Promise<void> {
    clearTimeout(this.loadingTimer);
    this.loadingTimer = window.setTimeout(() => this.sayLoading(null), SAY_LOADING_AFTER_MS);
    await this.stage.show(view, pose);
    this.view = this.stage.view;
    this.heading = pose.heading;
    this.cover();
  }

  // ---- the map speaks -------------------------------------------------------------------------

  private moved(pose: Pose, still: boolean): void {
    if (Math.abs(pose.heading - this.heading) > 0.5) this.heading = pose.heading;
    if (still && this.view !== null) this.parts.store.update({ camera: pose }, "same");
  }

  private ready(view: View): void {
    clearTimeout(this.loadingTimer);
    this.view = view;
    if (this.notice?.kind === "loading") this.notice = null;
    this.dataset.ready = view;
  }

  private progressed(progress: Progress): void {
    if (this.notice?.kind === "loading") this.sayLoading(progress);
  }

  private sayLoading(progress: Progress | null): void {
    if (this.notice !== null && this.notice.kind !== "loading") return;
    const flat = { label: this.say("map.loading.flat"), act: () => this.toView("2d") };
    const table = { label: this.say("map.loading.table"), act: () => this.toggleTable() };
    const known = progress !== null && progress.total > 0;
    this.notice = {
      kind: "loading",
      title: this.say("map.loading.title"),
      text: this.say("map.loading.text"),
      progress: known ? progress.done / progress.total : 0,
      progressText: known
        ? this.say("map.loading.progress", { done: progress.done, total: progress.total })
        : "",
      actions: this.screen.view === "2d" ? [table] : [flat, table],
    };
  }

  private fellBack(): void {
    this.can3d = false;
    this.notice = {
      kind: "flat",
      title: this.say("map.no-3d.title"),
      text: this.say("map.no-3d.text"),
      actions: [
        { label: this.say("map.understood"), act: () => this.dismiss() },
        { label: this.say("map.loading.table"), act: () => this.toggleTable() },
      ],
    };
  }

  private mapFailed(): void {
    this.notice = {
      kind: "failed",
      title: this.say("map.failed.title"),
      text: this.say("map.failed.text"),
      actions: [{ label: this.say("map.again"), act: () => location.reload() }],
    };
  }

  private online(): void {
    if (navigator.onLine) {
      if (this.notice?.kind === "stale") this.notice = null;
      return;
    }
    this.notice = {
      kind: "stale",
      title: this.say("map.offline.title"),
      text: this.say("map.offline.text"),
      actions: [{ label: this.say("map.understood"), act: () => this.dismiss() }],
    };
  }

  private dismiss(): void {
    this.notice = null;
  }

  // ---- choosing -------------------------------------------------------------------------------

  private change(patch: Partial<Screen>): void {
    if (patch.colour !== undefined || patch.layers !== undefined) this.asked = null;
    this.parts.store.update(patch);
  }

  private changed(now: Screen, before: Screen): void {
    this.screen = now;
    if (now.selection !== before.selection && !sameKey(now.selection, before.selection)) {
      if (this.phone && now.selection !== null) this.sheet = "half";
      void this.loadSelection(now.selection, "stay").then(() => this.stage.set(this.toShow()));
    }
    if (now.view !== before.view && now.view !== null && now.view !== this.view) {
      void this.showView(this.can3d ? now.view : "2d", this.stage.pose() ?? this.startPose());
    }
    const pose = this.stage.pose();
    if (now.camera !== null && now.camera !== before.camera && pose !== null && now.camera !== pose) {
      if (!nearly(now.camera, pose)) this.stage.go(now.camera, "jump");
    }
    this.stage.set(this.toShow());
    this.languageLink();
  }

  private toShow() {
    return { layers: new Set(this.shown), colour: this.screen.colour, selection: this.selected };
  }

  private async loadSelection(key: ObjectKey | null, _camera: "jump" | "stay"): Promise<void> {
    if (key === null) {
      this.selected = null;
      return;
    }
    this.selected = { ...key, geometry: null };
    try {
      const feature = await this.parts.client.feature(key.layer, key.id);
      if (sameKey(this.screen.selection, key)) this.selected = { ...key, geometry: feature.geometry };
    } catch {
      // The card says what went wrong; the map then has nothing to mark.
    }
  }

  private async pickAt(point: ScreenPoint): Promise<void> {
    const picked = this.stage.pick(point);
    if (picked === null) return;
    if (picked.kind === "object") {
      this.change({ selection: { layer: picked.layer, id: picked.id } });
      return;
    }
    try {
      const found = await this.parts.client.pick(picked.lon, picked.lat, picked.radiusM, this.shown);
      const chosen = choosePicked(found, this.parts.layers);
      if (chosen !== null) this.change({ selection: { layer: chosen.layer, id: chosen.id } });
      else this.spoken = this.say("map.nothing-here");
    } catch {
      this.spoken = this.say("map.failed.title");
    }
  }

  private async choosePlace(place: { layer: string; id: string; lon: number; lat: number }): Promise<void> {
    this.focusCard = true;
    const panel = this.screen.panel === "home" ? "explore" : this.screen.panel;
    const selection = place.layer && place.id ? { layer: place.layer, id: place.id } : null;
    this.change({ selection, panel, table: null });
    document.querySelector(".head")?.classList.remove("searching");
    const from = this.stage.pose() ?? homePose(this.parts.scene);
    const role = this.parts.layers.find((layer) => layer.id === place.layer)?.style.role;
    const distance = role === "area" || role === "boundary" ? 1600 : CLOSE_UP_M;
    await this.updateComplete;
    this.cover();
    this.stage.go({ ...from, lon: place.lon, lat: place.lat, distance }, "fly");
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
      const first = homePose(this.parts.scene);
      this.stage.go(question.id === "age" ? first : { ...first, distance: first.distance * 1.5 }, "fly");
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

  private toggleTable(): void {
    const layer = this.shown[0] ?? this.parts.layers[0]?.id;
    if (layer === undefined) return;
    this.notice = null;
    this.change({ table: this.screen.table === null ? { layer, query: {} } : null });
    if (this.screen.table === null)
      void this.updateComplete.then(() => this.querySelector<HTMLElement>(".map")?.focus());
  }

  // ---- keyboard -------------------------------------------------------------------------------

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const writes = target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
    if (writes) return;
    if (event.key === "/") {
      event.preventDefault();
      this.focusSearch();
    } else if (event.key.toLowerCase() === "t") {
      event.preventDefault();
      this.toggleTable();
    } else if (event.key === "Escape" && this.screen.selection !== null && target.closest(".map") === null) {
      this.closeCard();
    }
  }

  private focusSearch(): void {
    document.querySelector(".head")?.classList.add("searching");
    document.querySelector<HTMLInputElement>(".head input[type=search]")?.focus();
  }

  private mapKeys(event: KeyboardEvent): void {
    const handled = mapKey(event, {
      pan: (right, up) => this.stage.pan(right, up),
      turn: (heading, pitch) => this.stage.turn(heading, pitch),
      zoom: (factor) => this.stage.zoom(factor),
      pickMiddle: () => {
        this.focusCard = true;
        const [x, y] = freeCentre(this.mapSize(), this.insets());
        void this.pickAt({ x, y });
      },
      leave: () => this.querySelector<HTMLElement>(".tools button")?.focus(),
    });
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- room -----------------------------------------------------------------------------------

  private mapSize() {
    const host = this.querySelector<HTMLElement>(".map");
    return { width: host?.clientWidth || innerWidth, height: host?.clientHeight || innerHeight };
  }

  private insets() {
    return coveredBy(this.querySelector<HTMLElement>(".map"), {
      panel: this.querySelector<HTMLElement>(".panel"),
      card: this.querySelector<HTMLElement>(".card-holder"),
      sheet: this.phone ? this.sheet : null,
    });
  }

  private cover(): void {
    this.stage?.setInsets(this.insets());
  }

  private resized(): void {
    this.phone = this.narrow.matches;
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
      chosen: (place: { layer: string; id: string; lon: number; lat: number }) =>
        void this.choosePlace(place),
    };
    return new SearchBox(input, source, this.say);
  }

  /** The header's links stay the server's; the screen only adds where one is. */
  languageLink(): void {
    const link = document.querySelector<HTMLAnchorElement>(".head a[hreflang]");
    if (link === null) return;
    const query = new URLSearchParams(location.search);
    if (link.hreflang === "en") query.set("taal", "en");
    else query.delete("taal");
    link.href = `/?${query}`;
  }

  openTable(): void {
    this.toggleTable();
  }

  // ---- drawing --------------------------------------------------------------------------------

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
      addressOf: (patch) => `/${writeAddress({ ...this.screen, ...patch }, location.search)}`,
      link: (path) => (words.language === "en" ? `${path}?taal=en` : path),
    };
  }

  protected override render(): TemplateResult {
    const table = this.screen.table !== null;
    return html`<div class="stage ${table ? "with-table" : ""} ${this.screen.panel === "explore" && !this.phone ? "docked" : ""}">
        ${this.hasHeading() ? nothing : html`<h1 class="vh">${this.say("map.title", { place: this.parts.words.text(this.parts.twin.title) })}</h1>`}
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

  /** The first panel and the table bring the heading of the page themselves. */
  private hasHeading(): boolean {
    const home = this.screen.panel === "home" && !(this.phone && this.screen.selection !== null);
    return this.screen.table !== null || home;
  }

  private drawTools(): TemplateResult {
    return tools(this.say, {
      view: this.view,
      heading: this.heading,
      can3d: this.can3d,
      panelOpen: this.phone
        ? this.screen.panel === "explore" && this.screen.selection === null
        : this.screen.panel === "explore",
      north: () => this.stage.turn(-this.heading, 0),
      zoomIn: () => this.stage.zoom(0.6),
      zoomOut: () => this.stage.zoom(1 / 0.6),
      toggleView: () => this.toView(this.view === "3d" ? "2d" : "3d"),
      home: () => this.stage.go(homePose(this.parts.scene), "fly"),
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
    const { colour } = this.screen;
    const classes = classesOf(this.parts.layers, colour);
    if (colour === null || classes === null || !this.shown.includes(colour.layer)) return nothing;
    const layer = this.parts.layers.find((one) => one.id === colour.layer);
    return legend(this.parts.words, layer, colour, classes);
  }

  private cardContent(selection: ObjectKey): TemplateResult {
    return html`<div class="card-tools">
        <button type="button" class="x" aria-label=${this.say("map.card.close")} @click=${this.closeCard}>${icon("close")}</button>
      </div>
      <tw-fragment .say=${this.say} .address=${`${selection.layer}/${selection.id}`}
        .load=${() => this.parts.client.card(selection.layer, selection.id)}
        @fragment-shown=${this.cardShown}></tw-fragment>
      ${cardActions(this.say, {
        inTable: this.screen.table !== null,
        toMap: () => this.change({ table: null }),
        spoken: (text) => {
          this.spoken = text;
        },
      })}`;
  }

  private cardShown(event: FragmentShown): void {
    this.spoken = this.say("map.chosen", { what: event.detail.title });
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

function sameKey(a: ObjectKey | null, b: ObjectKey | null): boolean {
  return a?.layer === b?.layer && a?.id === b?.id;
}

function nearly(a: Pose, b: Pose): boolean {
  const text = (pose: Pose) => writeAddress({ ...readAddress(""), camera: pose }, "");
  return text(a) === text(b);
}

customElements.define("tw-app", TweestadApp);

/** The screen: map, panel, card, tools, table and sheet, all drawn from one state document. */

import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Place } from "../api/shapes";
import { PanelMemory } from "../state/panel-memory";
import { firstLayers, furtherFor, type Question } from "../state/questions";
import { FIRST_SCREEN, type Screen, sameKey, type View } from "../state/screen";
import type { Step } from "../state/screen-store";
import { deepened } from "../state/underground";
import { actOnKey } from "./app-keys";
import { type AppParts, nounOf, placesTold } from "./app-parts";
import { drawApp } from "./app-view";
import { type CardActions, type CardNews, NO_NEWS } from "./card";
import { FocusKeeper } from "./focus-keeper";
import { closeSearch, focusSearch, keepLanguageLink, markTable } from "./header";
import { coveredBy } from "./insets";
import type { MapButtons } from "./map-buttons";
import { hasShapes, MapKeeper, type MapOwner, toolMap } from "./map-keeper";
import { clickForTool, keyForTool, type ToolContext, takesClicks } from "./map-tools";
import { NoticeKeeper } from "./notice-keeper";
import { panelContext } from "./panel-context";
import { SearchBox } from "./search-box";
import { type SheetHeight, sheetAfter } from "./sheet";
import { tableActions } from "./table-actions";
import { firstList, rowOf, type TableActions } from "./table-panel";
import { stepTime } from "./time-strip";
import { printMap } from "./tools/share";

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
    openTool: { state: true },
    menuOpen: { state: true },
    spoken: { state: true },
    told: { state: true },
    shading: { state: true },
  };

  declare parts: AppParts;
  private declare screen: Screen;
  private declare phone: boolean;
  private declare sheet: SheetHeight;
  private declare asked: Question | null;
  private declare view: View | null;
  private declare heading: number;
  private declare openTool: string | null;
  private declare menuOpen: boolean;
  private declare spoken: string;
  private declare told: CardNews;
  private declare shading: boolean;
  private map: MapKeeper | null = null;
  private focusCard = false;
  private readonly memory = new PanelMemory(() => this.requestUpdate());
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
    this.addController(new FocusKeeper(this));
    this.phone = this.narrow.matches;
    this.asked = null;
    this.view = null;
    this.heading = 0;
    this.openTool = null;
    this.menuOpen = false;
    this.spoken = "";
    this.told = NO_NEWS;
    this.shading = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { store, own, legends: legends_, counts, live } = this.parts;
    this.screen = store.get();
    this.sheet = sheetAfter(this.screen, FIRST_SCREEN) ?? "half";
    store.subscribe((now, before) => this.changed(now, before));
    for (const told of [legends_, counts, own, live]) told.subscribe(() => this.requestUpdate());
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
    this.parts.live.destroy();
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
    this.parts.live.attach(() => this.map?.now ?? null);
    this.cover();
    void this.map.start(this.screen.view ?? (this.phone || !hasShapes(this.parts.scene) ? "2d" : "3d"));
    this.requestUpdate();
  }

  private owner(): MapOwner {
    const { store } = this.parts;
    return {
      screen: () => this.screen,
      insets: () => this.insets(),
      change: (patch) => this.change(patch),
      rested: (camera) => store.update({ camera }, "same"),
      turned: (heading) => (this.heading = heading),
      loading: (progress) => this.notices.loading(progress, this.screen.view === "2d"),
      shading: (busy) => (this.shading = busy),
      ready: (view) => {
        this.view = view;
        this.notices.loaded();
        void this.parts.live.start();
        this.dataset.ready = view;
      },
      fellBack: () => this.notices.flat(),
      failed: () => this.notices.failed(),
      footprintOnly: (only) => {
        this.told = { ...this.told, footprintOnly: only };
      },
      takes: (spot) => clickForTool(this.context(), spot),
      busy: () => takesClicks(this.context()),
      nounOf: (layer) => nounOf(this.parts, layer),
      nothingHere: () => (this.spoken = this.say("map.nothing-here")),
      deeper: (steps) => {
        const patch = deepened(this.screen, steps);
        if (patch !== null) this.change(patch);
        return patch !== null;
      },
      leave: () => {
        if (this.screen.walking) this.change({ walking: false });
        else if (this.screen.selection !== null) this.closeCard();
        else this.focusOn(".tools button");
      },
    };
  }

  private change(patch: Partial<Screen>, step: Step = "step"): void {
    if (patch.looks !== undefined || patch.layers !== undefined) this.asked = null;
    this.parts.store.update(patch, step);
  }

  private changed(now: Screen, before: Screen): void {
    this.screen = now;
    if (!sameKey(now.selection, before.selection)) this.told = NO_NEWS;
    this.sheet = sheetAfter(now, before) ?? this.sheet;
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
    this.memory.openOnly(question.themes);
    this.change(question.change);
    this.asked = question;
    this.sheet = "half";
    this.focusOn("#panel-title");
    void this.updateComplete.then(() => {
      this.cover();
      this.map?.home(furtherFor(question.id));
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
    // On a flat map one stands nowhere.
    this.change(view === "2d" ? { view, walking: false } : { view });
  }

  /** From the map to the table and back. */
  toggleTable(): void {
    const layer = firstList(this.screen, this.shown) ?? this.parts.layers[0]?.id;
    if (layer === undefined) return;
    this.notices.clear();
    const opens = this.screen.table === null;
    const query = this.map?.fromChosen() ?? {};
    // A card of before would stand over the table, and on a phone hide it.
    this.change(opens ? { table: { layer, query }, selection: null } : { table: null });
    this.focusOn(opens ? "#table-title" : ".map");
  }

  private key(event: KeyboardEvent): void {
    actOnKey(event, this.screen, this.context(), {
      undo: () => this.parts.store.undo(),
      redo: () => this.parts.store.redo(),
      print: () => printMap(this.context()),
      search: () => focusSearch(this.phone ? null : this.querySelector<HTMLInputElement>("#ask")),
      table: () => this.toggleTable(),
      earlier: () => void stepTime(this, () => this.context(), -1),
      later: () => void stepTime(this, () => this.context(), 1),
      closeCard: () => this.closeCard(),
    });
  }

  private mapKeys(event: KeyboardEvent): void {
    if (keyForTool(this.context(), event)) return;
    this.map?.key(event, () => {
      this.focusCard = !takesClicks(this.context());
    });
  }

  private insets() {
    return coveredBy(this.querySelector<HTMLElement>(".map"), {
      panel: this.querySelector<HTMLElement>(".panel"),
      card: this.querySelector<HTMLElement>(".card-holder"),
      sheet: this.phone ? this.sheet : null,
      below: this.querySelector<HTMLElement>(".profile-panel"),
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
    // Nothing of the app's own: then a tool has changed, and may cover more.
    const covers = changed.size === 0 || ["screen", "sheet", "phone"].some((name) => changed.has(name));
    if (covers) this.cover();
  }

  /** Suggestions on a field; also used for the one in the header. */
  searchFor(input: HTMLInputElement): SearchBox {
    const { client, words } = this.parts;
    const chosen = (place: Place) => void this.choosePlace(place);
    const telling = (places: readonly Place[]) => placesTold(this.parts, places);
    return new SearchBox(input, { places: (q, signal) => client.places(q, signal), chosen, telling }, words);
  }

  private context(): ToolContext {
    const panels = panelContext(this.parts, this.screen, {
      shown: this.shown,
      in3d: this.view === "3d",
      asked: this.asked,
      memory: this.memory,
      change: (patch, step) => this.change(patch, step),
      ask: (event, question) => this.ask(event, question),
    });
    return {
      ...panels,
      client: this.parts.client,
      own: this.parts.own,
      phone: this.phone,
      view: this.view,
      ...toolMap(this.map),
      openTool: this.openTool,
      open: (tool) => (this.openTool = tool),
      tell: (text) => (this.spoken = text),
      focus: (selector) => this.focusOn(selector),
      shading: this.shading,
      scene: this.parts.scene,
      history: this.parts.store,
      redraw: () => this.requestUpdate(),
    };
  }

  protected override render(): TemplateResult {
    const context = this.context();
    return drawApp({
      context,
      sheet: this.sheet,
      spoken: this.spoken,
      notice: this.notices.current,
      buttons: this.buttons(),
      card: this.cardActions(),
      table: this.tableActions(),
      mapKeys: (event) => this.mapKeys(event),
      sheetMoved: (height) => (this.sheet = height),
    });
  }

  private buttons(): MapButtons {
    const { screen } = this;
    return {
      heading: this.heading,
      panelOpen: screen.panel === "explore" && !(this.phone && screen.selection !== null),
      menuOpen: this.menuOpen,
      north: () => this.map?.north(),
      zoomIn: () => this.map?.zoom(0.6),
      zoomOut: () => this.map?.zoom(1 / 0.6),
      toggleView: () => this.toView(this.view === "3d" ? "2d" : "3d"),
      home: () => this.map?.home(),
      openPanel: () => this.openPanel(),
      toggleMenu: () => {
        this.menuOpen = !this.menuOpen;
        if (this.menuOpen) this.focusOn("#tool-menu button");
      },
    };
  }

  private openPanel(): void {
    this.sheet = "half";
    this.change({ panel: "explore", ...(this.phone ? { selection: null } : {}) });
    this.focusOn("#panel-title");
  }

  private cardActions(): CardActions {
    return {
      inTable: this.screen.table !== null,
      news: this.told,
      stamp: `${this.parts.live.stampOf(this.screen.selection?.id ?? "")}@${this.screen.moment ?? ""}`,
      in3d: this.view === "3d" && this.screen.table === null,
      load: (key) => this.parts.client.card(key.layer, key.id, this.screen.moment),
      shown: (title, found) => this.cardShown(title, found),
      close: () => this.closeCard(),
      toMap: () => {
        this.change({ table: null });
        this.focusOn("tw-fragment h2");
      },
      told: (text) => (this.told = { ...this.told, shared: text }),
    };
  }

  private cardShown(title: string, found: boolean): void {
    this.told = { ...this.told, found };
    this.spoken = found ? this.say("map.chosen", { what: title }) : title;
    if (this.focusCard) this.querySelector<HTMLElement>("tw-fragment h2")?.focus();
    this.focusCard = false;
    this.cover();
  }

  private tableActions(): TableActions {
    return tableActions(this.parts, this.screen, {
      change: (patch) => this.change(patch),
      chose: () => {
        this.focusCard = true;
      },
      close: () => this.toggleTable(),
    });
  }
}

customElements.define("tw-app", TweestadApp);

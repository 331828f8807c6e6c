/** All of the live measurements on the screen: what is asked for when, how it is drawn, and what is said of it. */

import { nothing, type TemplateResult } from "lit";
import type { Client } from "../api/client";
import type { Posed } from "../parts/map-keeper";
import type { PanelContext } from "../parts/panel-context";
import type { LiveMark } from "../scene/live-mark";
import { measured } from "../scene/measured";
import { isOn, MEASURED } from "../state/live";
import type { Screen } from "../state/screen";
import type { ScreenStore } from "../state/screen-store";
import type { Words } from "../words/words";
import { ageOf, isStale, sourceNow } from "./ages";
import { countAges } from "./counting-ages";
import { type LayerValues, LiveFeed, type Value } from "./feed";
import { showingOf } from "./layers";
import { legendSections } from "./legend";
import { LiveMarks } from "./marks";
import { momentBar } from "./moment-bar";
import { byClock } from "./moments";
import { liveAnswer, liveRows } from "./panel";
import type { Box, LiveLayer, Told } from "./shapes";
import { LiveStream, type Source } from "./stream";
import { boxAround, viewBox } from "./view-box";
import { ageWords, recordedAge } from "./words";

export interface LiveAround {
  readonly client: Pick<Client, "below" | "liveLayers" | "liveValues">;
  readonly words: Words;
  readonly store: Pick<ScreenStore, "get" | "subscribe">;
  posed(): Posed | null;
  changed(): void;
  /** A test gives its own. */
  open?(address: string): Source;
}

/** How often ages are counted on. */
const TICK_MS = 15_000;
/** Several movements in a row are one. */
const SETTLED_MS = 250;

export class LivePart {
  marks: readonly LiveMark[] = [];
  private readonly feed: LiveFeed;
  private readonly stream: LiveStream;
  private readonly drawn = new LiveMarks();
  private readonly stop = new AbortController();
  private box: Box | null = null;
  private readonly started = Date.now();
  /** By how many milliseconds the clock of a layer is behind, as far as it has told. */
  private readonly behind = new Map<string, number>();
  private settling = 0;
  private ticking = 0;
  private asking = false;

  constructor(
    public layers: readonly LiveLayer[],
    private readonly around: LiveAround,
  ) {
    this.feed = new LiveFeed(
      (asked, signal) => around.client.liveValues(asked, signal),
      () => this.draw(),
    );
    this.stream = new LiveStream(
      around.open ?? ((address) => new EventSource(address) as unknown as Source),
      {
        changed: (ids) => this.feed.refresh(ids),
        opened: (again) => this.opened(again),
        lost: () => around.changed(),
      },
    );
    const how = { signal: this.stop.signal };
    document.addEventListener("visibilitychange", () => this.follow(), how);
    addEventListener("online", () => this.stream.hurry(), how);
    addEventListener("offline", () => this.stream.cut(), how);
    around.store.subscribe((now, before) => this.screenChanged(now, before));
    this.follow();
  }

  destroy(): void {
    this.stop.abort();
    this.stream.follow(null);
    this.feed.follow(null);
    clearTimeout(this.settling);
    clearTimeout(this.ticking);
  }

  /** The layers that are on, in the order of the server. */
  get on(): readonly LiveLayer[] {
    const { live } = this.around.store.get();
    return this.layers.filter(({ id }) => isOn(live, id)).map((layer) => showingOf(layer, live));
  }

  get lostSince(): number | null {
    return this.stream.lostSince;
  }

  valuesOf(layer: string): LayerValues | null {
    return this.feed.of(layer);
  }

  /** Bring what is asked for in line with the screen, the view and whether anyone looks. */
  follow(): void {
    const { moment, live } = this.around.store.get();
    const ids = this.on.map(({ id }) => id);
    const box = this.look();
    const seen = !document.hidden;
    if (ids.length === 0 || box === null) {
      this.feed.follow(null);
      this.stream.follow(null);
      this.draw();
      return;
    }
    this.feed.follow({
      layers: live.filter(({ layer }) => ids.includes(layer)),
      box,
      at: (layer) => this.atOf(layer, moment),
    });
    this.stream.follow(seen && moment === null ? this.streamAddress(ids, box) : null);
    this.tick();
  }

  /** The name and value of a point, and how old that is. */
  said(id: string): string | null {
    for (const layer of this.on) {
      const value = this.feed.of(layer.id)?.values.get(id);
      if (value !== undefined) return this.words(layer, value);
    }
    return null;
  }

  /** Words of the server, in the language of the page. */
  told(words: Told | undefined): string {
    return typeof words === "string" ? words : this.around.words.text(words);
  }

  isRecorded(layer: LiveLayer, source: string): boolean {
    return layer.sources.some(({ id, recording }) => id === source && recording !== null);
  }

  isStale(layer: LiveLayer, value: Value): boolean {
    return isStale(value, Date.now(), layer, this.isRecorded(layer, value.feature.properties.source));
  }

  ageOf(layer: LiveLayer, value: Value): number | null {
    return ageOf(value, Date.now(), this.isRecorded(layer, value.feature.properties.source));
  }

  rows(context: PanelContext, theme: string): TemplateResult | typeof nothing {
    return liveRows(context, this, theme);
  }

  /** What there is of these layers, under the answer to a question. */
  answer(context: PanelContext, ids: readonly string[]): readonly TemplateResult[] {
    const about = this.on.filter(({ id }) => ids.includes(id));
    return about.map((layer) => liveAnswer(context, this, layer));
  }

  /** Another number whenever something else is known of a point: its card is then asked for again. */
  stampOf(id: string): number {
    const values = this.on.map((layer) => this.feed.of(layer.id)?.values.get(id));
    return Math.max(0, ...values.map((value) => value?.received ?? 0));
  }

  legend(context: PanelContext): readonly TemplateResult[] {
    return legendSections(context, this);
  }

  bar(context: PanelContext): TemplateResult | typeof nothing {
    return this.on.length === 0 ? nothing : momentBar(context, this);
  }

  /** By the clock of the layer: that of a recording may be years behind. */
  momentOf(layer: string, moment: string): string {
    return byClock(moment, this.behind.get(layer) ?? 0);
  }

  /** Of a recording the clock must be known first: then what is there "now" is asked before. */
  private atOf(layer: string, moment: string | null): string | null {
    return moment === null || !this.tellsTime(layer) ? null : this.momentOf(layer, moment);
  }

  private tellsTime(layer: string): boolean {
    const sources = this.layers.find(({ id }) => id === layer)?.sources ?? [];
    return this.behind.has(layer) || sources.every(({ recording }) => recording === null);
  }

  /** What the values of now say of the time by the clock of their source, to the minute. */
  private learn(layer: LiveLayer): void {
    const values = this.feed.of(layer.id);
    if (values === null || values.at !== null || values.state !== "there" || this.behind.has(layer.id))
      return;
    for (const { feature, received } of values.values.values()) {
      const at = sourceNow(feature);
      if (at === null || !this.isRecorded(layer, feature.properties.source)) continue;
      this.behind.set(layer.id, Math.round((received - at) / 60_000) * 60_000);
      break;
    }
    // Of an empty view nothing is learned: then there is nothing to show either.
    if (this.behind.has(layer.id) && this.around.store.get().moment !== null)
      queueMicrotask(() => this.follow());
  }

  private words(layer: LiveLayer, value: Value): string {
    const { name } = value.feature.properties;
    const age = this.ageOf(layer, value);
    const { words } = this.around;
    const now = this.around.store.get().moment === null;
    const text = this.isStale(layer, value)
      ? words.say("map.live.stale")
      : this.told(value.feature.properties.text);
    const recorded = this.isRecorded(layer, value.feature.properties.source);
    const aged = recorded ? recordedAge : ageWords;
    const parts = [text, age === null || !now ? "" : aged(words.say, age)].filter((part) => part !== "");
    return parts.length === 0 ? name : `${name}: ${parts.join(", ")}`;
  }

  private screenChanged(now: Screen, before: Screen): void {
    if (now.live !== before.live || now.moment !== before.moment) this.follow();
    else if (now.camera !== before.camera) {
      clearTimeout(this.settling);
      this.settling = window.setTimeout(() => this.follow(), SETTLED_MS);
    }
    if (now.selection !== before.selection) {
      this.draw();
      this.tick();
    }
  }

  private look(): Box | null {
    const posed = this.around.posed();
    if (posed !== null) {
      const { view } = this.around.store.get();
      const pose = view === "2d" ? { ...posed.pose, heading: 0, pitch: -90 } : posed.pose;
      this.box = boxAround(viewBox(pose, posed.size, posed.insets), this.box);
    }
    return this.box;
  }

  private streamAddress(ids: readonly string[], box: Box): string {
    const query = new URLSearchParams({ layers: ids.join(","), bbox: box.join(",") });
    return this.around.client.below(`/api/v1/stream?${query}`);
  }

  private opened(again: boolean): void {
    this.feed.refresh(this.on.map(({ id }) => id));
    if (again) void this.askSources();
    this.around.changed();
  }

  /** How the sources are doing now; for when there is reason to ask. */
  private async askSources(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      this.layers = (await this.around.client.liveLayers()).layers;
      this.draw();
    } catch {
      // The lost connection itself is said already.
    } finally {
      this.asking = false;
    }
  }

  /** Ages go on, and what grows too old turns grey, without a word of the server. */
  private tick(): void {
    clearTimeout(this.ticking);
    const { selection } = this.around.store.get();
    if (document.hidden || (this.on.length === 0 && selection?.layer !== MEASURED)) return;
    this.ticking = window.setTimeout(() => {
      const before = this.stale();
      this.draw();
      countAges(document, this.around.words, Date.now(), this.started);
      // Something has just grown too old: its source may have said why.
      if (this.stale() > before) void this.askSources();
      this.check();
      this.tick();
    }, TICK_MS);
  }

  /** What holds as long as its source tells of it is asked for again, well before it could be too old. */
  private check(): void {
    if (this.around.store.get().moment !== null) return;
    for (const { id, countsFrom, staleAfterS } of this.on) {
      if (countsFrom !== "told") continue;
      const values = [...(this.feed.of(id)?.values.values() ?? [])];
      const due = Date.now() - staleAfterS * 500;
      if (values.some(({ received, feature }) => received < due && !feature.properties.stale))
        this.feed.check(id);
    }
  }

  private stale(): number {
    return this.marks.filter((mark) => mark.stale).length;
  }

  private draw(): void {
    const { selection, moment } = this.around.store.get();
    const layers = this.on.flatMap((layer) => {
      this.learn(layer);
      const values = this.feed.of(layer.id);
      // Values of another moment are not what is there now, nor the other way round.
      const other = values === null || (moment === null) !== (values.at === null);
      return other ? [] : [[layer, values] as const];
    });
    this.marks = measured("marks", () =>
      this.drawn.of(layers, {
        chosen: selection?.layer === MEASURED ? selection.id : null,
        isStale: (layer, value) => this.isStale(layer, value),
        told: (value) => this.told(value.feature.properties.text),
      }),
    );
    this.around.changed();
  }
}

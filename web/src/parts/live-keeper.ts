/** Live measurements on the screen: asked for once the map stands, and their code only where one looks at them. */

import { type Client, RequestFailed } from "../api/client";
import type { Geometry } from "../api/shapes";
import type { LivePart } from "../live/live-part";
import type { LiveLayer } from "../live/shapes";
import type { LiveMark } from "../scene/live-mark";
import { liveTable, MEASURED } from "../state/live";
import type { Screen } from "../state/screen";
import type { ScreenStore } from "../state/screen-store";
import type { Words } from "../words/words";
import type { Posed } from "./map-keeper";

const NO_MARKS: readonly LiveMark[] = [];

export class LiveKeeper {
  /** All that shows them; null until somebody looks at them, and where a twin has none. */
  part: LivePart | null = null;
  /** Whether the server has said which there are. */
  known = false;
  private listed: readonly LiveLayer[] = [];
  private fetching: Promise<void> | null = null;
  private posed: () => Posed | null = () => null;
  private starting: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly client: Client,
    private readonly words: Words,
    private readonly store: ScreenStore,
  ) {
    if (looksAt(store.get())) void this.start();
    store.subscribe((now) => this.need(now));
  }

  /** Which there are, as the server lists them. */
  get layers(): readonly LiveLayer[] {
    return this.part?.layers ?? this.listed;
  }

  get marks(): readonly LiveMark[] {
    return this.part?.marks ?? NO_MARKS;
  }

  /** Where the map looks. */
  attach(posed: () => Posed | null): void {
    this.posed = posed;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The map stands, or the address asks for it. */
  start(): Promise<void> {
    this.starting ??= this.load().catch((error: unknown) => {
      // The next picture of the map tries again, unless this server has no such thing.
      if (!(error instanceof RequestFailed && error.kind === "absent")) this.starting = null;
      this.known = this.starting !== null;
      this.tell();
    });
    this.part?.follow();
    return this.starting;
  }

  /** The name and value of a point, for the mouse; null when it is not on the map. */
  said(id: string): string | null {
    return this.part?.said(id) ?? null;
  }

  /** Another number whenever something else is known of a point. */
  stampOf(id: string): number {
    return this.part?.stampOf(id) ?? 0;
  }

  /** Where a point is, as far as the map knows. */
  shapeOf(id: string): Geometry | null {
    const mark = this.marks.find((one) => one.id === id);
    return mark === undefined ? null : { type: "Point", coordinates: mark.at };
  }

  destroy(): void {
    this.part?.destroy();
  }

  private async load(): Promise<void> {
    this.listed = (await this.client.liveLayers()).layers;
    this.known = true;
    this.need(this.store.get());
    this.tell();
  }

  private need(screen: Screen): void {
    if (this.fetching !== null || this.listed.length === 0 || !looksAt(screen)) return;
    this.fetching = this.furnish().catch((error: unknown) => {
      this.fetching = null;
      console.warn("live measurements are not shown", error);
    });
  }

  private async furnish(): Promise<void> {
    const { LivePart } = await import("../live/live-part");
    this.part = new LivePart(this.listed, {
      client: this.client,
      words: this.words,
      store: this.store,
      posed: () => this.posed(),
      changed: () => this.tell(),
    });
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Whether the screen shows any, or where they are switched on. */
function looksAt({ live, panel, table, selection }: Screen): boolean {
  const chosen = selection?.layer === MEASURED || liveTable(table?.layer ?? "") !== null;
  return live.length > 0 || panel === "explore" || chosen;
}

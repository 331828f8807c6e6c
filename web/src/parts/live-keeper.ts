/** Live measurements on the screen: asked for once the map stands, and their code only where there are any. */

import { type Client, RequestFailed } from "../api/client";
import type { Geometry } from "../api/shapes";
import type { LivePart } from "../live/live-part";
import type { LiveMark } from "../scene/live-mark";
import type { ScreenStore } from "../state/screen-store";
import type { Words } from "../words/words";
import type { Posed } from "./map-keeper";

const NO_MARKS: readonly LiveMark[] = [];

export class LiveKeeper {
  /** All that shows them; null before it is there, and where a twin has none. */
  part: LivePart | null = null;
  /** Whether the server has said which there are. */
  known = false;
  private posed: () => Posed | null = () => null;
  private starting: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly client: Client,
    private readonly words: Words,
    private readonly store: ScreenStore,
  ) {
    if (store.get().live.length > 0) void this.start();
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
    const list = await this.client.liveLayers();
    this.known = true;
    if (list.layers.length > 0) {
      const { LivePart } = await import("../live/live-part");
      this.part = new LivePart(list.layers, {
        client: this.client,
        words: this.words,
        store: this.store,
        posed: () => this.posed(),
        changed: () => this.tell(),
      });
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The values of the live layers that are on: only of what is in view, and again only when something has changed. */

import { RequestFailed } from "../api/client";
import { isOn, type LiveChoice } from "../state/live";
import type { Box, LiveAnswer, LiveFeature } from "./shapes";

export interface Asked {
  readonly layer: string;
  readonly box: Box;
  /** By the clock of the layer; null is now. */
  readonly at: string | null;
  /** Only what has changed since this version; null for all. */
  readonly after: number | null;
  /** The property to show; "" is the layer's own first choice. */
  readonly observed: string;
}

export type Ask = (asked: Asked, signal: AbortSignal) => Promise<LiveAnswer>;

/** What is to be shown. */
export interface Wanted {
  readonly layers: readonly LiveChoice[];
  readonly box: Box;
  /** By the clock of a layer; null is now. */
  at(layer: string): string | null;
}

export interface Value {
  readonly feature: LiveFeature;
  /** By the clock of this browser, in milliseconds. */
  readonly received: number;
}

export interface LayerValues {
  readonly values: ReadonlyMap<string, Value>;
  /** The moment of the values, by the clock of the layer; null is now. */
  readonly at: string | null;
  /** `many`: more than a map can hold; nearer by there is less. */
  readonly state: "loading" | "there" | "failed" | "many";
}

interface Kept {
  values: Map<string, Value>;
  version: number;
  box: Box | null;
  /** The moment that was asked for last, and that of the values that are there. */
  asked: string | null;
  at: string | null;
  observed: string;
  state: LayerValues["state"];
  turn: number;
  running: AbortController | null;
  /** Something has changed while an answer was on its way. */
  again: boolean;
}

export class LiveFeed {
  private readonly kept = new Map<string, Kept>();
  private wanted: Wanted | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly changed: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** The values of a layer; null while it is off. */
  of(layer: string): LayerValues | null {
    return this.kept.get(layer) ?? null;
  }

  /** Show this. What is there already, of the same moment and around what is in view, is not asked for again. */
  follow(wanted: Wanted | null): void {
    this.wanted = wanted;
    for (const [layer, kept] of this.kept) {
      if (wanted !== null && isOn(wanted.layers, layer)) continue;
      kept.running?.abort();
      this.kept.delete(layer);
      this.changed();
    }
    for (const { layer, observed } of wanted?.layers ?? []) {
      const kept = this.keptOf(layer, observed);
      const same = kept.asked === wanted?.at(layer) && kept.observed === observed;
      const other = !same || !sameBox(kept.box, wanted.box);
      kept.observed = observed;
      if (other || (kept.state === "failed" && kept.running === null)) void this.load(layer, null);
    }
  }

  /** The server says that these have changed, or may have while nobody listened. */
  refresh(layers: readonly string[]): void {
    for (const layer of layers) {
      const kept = this.kept.get(layer);
      if (kept === undefined || kept.asked !== null) continue;
      if (kept.running !== null) kept.again = true;
      else void this.load(layer, kept.state === "there" ? kept.version : null);
    }
  }

  /** Ask for all of it again: whether what is there still holds. */
  check(layer: string): void {
    if (this.kept.get(layer)?.running === null) void this.load(layer, null);
  }

  private keptOf(layer: string, observed: string): Kept {
    const known = this.kept.get(layer);
    if (known !== undefined) return known;
    const kept: Kept = {
      values: new Map(),
      version: 0,
      box: null,
      asked: null,
      at: null,
      observed,
      state: "loading",
      turn: 0,
      running: null,
      again: false,
    };
    this.kept.set(layer, kept);
    return kept;
  }

  private async load(layer: string, after: number | null): Promise<void> {
    const wanted = this.wanted;
    const kept = this.kept.get(layer);
    if (wanted === null || kept === undefined) return;
    kept.running?.abort();
    const running = new AbortController();
    const turn = ++kept.turn;
    const at = wanted.at(layer);
    Object.assign(kept, { running, again: false, box: wanted.box, asked: at });
    if (after === null) kept.state = "loading";
    try {
      const asked = { layer, box: wanted.box, at, after, observed: kept.observed };
      const answer = await this.ask(asked, running.signal);
      if (turn === kept.turn) this.take(kept, at, answer, after !== null && answer.complete === false);
    } catch (error) {
      // What was there stays, and grows old before the eye.
      if (turn === kept.turn) this.fail(kept, error);
    }
    if (turn !== kept.turn) return;
    kept.running = null;
    this.changed();
    if (kept.again) void this.load(layer, kept.state === "there" ? kept.version : null);
  }

  private fail(kept: Kept, error: unknown): void {
    const many = error instanceof RequestFailed && error.kind === "refused";
    kept.state = many ? "many" : "failed";
    if (many) kept.values = new Map();
  }

  private take(kept: Kept, at: string | null, answer: LiveAnswer, more: boolean): void {
    const received = this.now();
    const values = new Map(more ? kept.values : []);
    for (const id of answer.removed ?? []) values.delete(id);
    for (const feature of answer.features) values.set(feature.properties.id, { feature, received });
    Object.assign(kept, { values, at, version: answer.version, state: "there" });
  }
}

function sameBox(a: Box | null, b: Box): boolean {
  return a?.every((edge, n) => edge === b[n]) === true;
}

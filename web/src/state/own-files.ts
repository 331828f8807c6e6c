/** The files that a visitor opened on the map. They live in this page alone: not in the address, nowhere else. */

import { type OwnPlacing, touchedAt } from "../drawing/own-shapes";
import { OWN_COLOURS } from "../drawing/palette";
import type { OwnLayer } from "../own/own-layer";

export interface OwnShown {
  readonly id: string;
  readonly layer: OwnLayer;
  readonly colour: string;
  /** Where a model without a place of its own stands; null for all other files. */
  readonly placing: OwnPlacing | null;
  /** The feature that was chosen, by its place in the list. */
  readonly chosen: number | null;
  /** The 3D map has said that it cannot draw it. */
  readonly undrawn: boolean;
}

/** As many as a map can show apart. */
export const MOST_FILES = 8;

export class OwnFiles {
  /** Another list after every change. */
  list: readonly OwnShown[] = [];
  private readonly listeners = new Set<() => void>();
  private opened = 0;

  get full(): boolean {
    return this.list.length >= MOST_FILES;
  }

  /** The id that the next file gets, and the layer of its features. */
  nextId(): string {
    this.opened += 1;
    return `eigen-${this.opened}`;
  }

  add(id: string, layer: OwnLayer, placing: OwnPlacing | null): void {
    const free = OWN_COLOURS.find(({ hex }) => this.list.every(({ colour }) => colour !== hex));
    const colour = (free ?? OWN_COLOURS[0]).hex;
    this.put([...this.list, { id, layer, colour, placing, chosen: null, undrawn: false }]);
  }

  remove(id: string): void {
    this.put(this.list.filter((one) => one.id !== id));
  }

  change(id: string, patch: Partial<Pick<OwnShown, "colour" | "placing">>): void {
    this.put(this.list.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  }

  /** Said once: the map draws what has changed again, and would say it again. */
  cannotDraw(id: string): void {
    if (this.list.some((one) => one.id === id && !one.undrawn))
      this.put(this.list.map((one) => (one.id === id ? { ...one, undrawn: true } : one)));
  }

  /** Choose what lies at a place, the last opened file first; false when nothing of these does. */
  chooseAt(lon: number, lat: number, radiusM: number): boolean {
    for (const one of [...this.list].reverse()) {
      const found = touchedAt(one, lon, lat, radiusM);
      if (found === null) continue;
      this.put(this.list.map((each) => ({ ...each, chosen: each.id === one.id ? found : null })));
      return true;
    }
    return false;
  }

  chooseNothing(): void {
    if (this.list.some(({ chosen }) => chosen !== null))
      this.put(this.list.map((each) => ({ ...each, chosen: null })));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(list: readonly OwnShown[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

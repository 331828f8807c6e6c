/** How many objects of a layer are left by its conditions, as the server counts them. */

import { type Condition, writeCondition } from "./conditions";

export class Counts {
  private readonly known = new Map<string, number | null>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: (layer: string, where: readonly string[]) => Promise<number | null>) {}

  /** Null while nobody knows; then the screen says nothing rather than something that is not true. */
  of(layer: string, where: readonly Condition[]): number | null {
    const texts = where.map(writeCondition);
    const key = JSON.stringify([layer, ...texts]);
    const count = this.known.get(key);
    if (count === undefined) {
      this.known.set(key, null);
      this.ask(layer, texts).then(
        (found) => this.put(key, found),
        () => this.put(key, null),
      );
    }
    return count ?? null;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(key: string, count: number | null): void {
    this.known.set(key, count);
    if (count !== null) for (const listener of this.listeners) listener();
  }
}

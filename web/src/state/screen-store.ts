/**
 * Holds the screen, tells who listens, and keeps the address and the browser's history in step. A step of
 * the history is a step of undo: "back" of the browser and "undo" of the screen are one and the same.
 */

import { readAddress, writeAddress } from "./address";
import type { Screen } from "./screen";

/**
 * A choice becomes a step in the history; a movement of the camera does not (`same`); what is still going on,
 * such as the drag of a slider, is not in the address until its end (`passing`).
 */
export type Step = "step" | "same" | "passing";

export type Listener = (now: Screen, before: Screen) => void;

/** The part of the browser that the store needs; a test gives its own. */
export interface AddressBar {
  search(): string;
  /** The number of the entry that the browser shows; 0 for one that is not ours. */
  step(): number;
  write(search: string, step: number, push: boolean): void;
  go(steps: number): void;
  onBack(listener: () => void): void;
}

export class ScreenStore {
  private screen: Screen;
  private last: number;
  /** The screen of the address. */
  private settled: Screen;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly bar: AddressBar) {
    this.screen = this.settled = readAddress(bar.search());
    this.last = bar.step();
    bar.onBack(() => {
      this.settled = readAddress(bar.search());
      this.put(this.settled);
    });
  }

  get(): Screen {
    return this.screen;
  }

  get canUndo(): boolean {
    return this.bar.step() > 0;
  }

  /** After a reload of the page the browser still knows the way forward, but the screen does not. */
  get canRedo(): boolean {
    return this.bar.step() < this.last;
  }

  undo(): void {
    if (this.canUndo) this.bar.go(-1);
  }

  redo(): void {
    if (this.canRedo) this.bar.go(1);
  }

  update(patch: Partial<Screen>, step: Step = "step"): void {
    const next = { ...this.screen, ...patch };
    if (step !== "passing") {
      this.settled = step === "step" ? next : { ...this.settled, ...patch };
      this.write(step === "step");
    }
    this.put(next);
  }

  private write(push: boolean): void {
    const search = writeAddress(this.settled, this.bar.search());
    if (search === this.bar.search()) return;
    const number = this.bar.step() + (push ? 1 : 0);
    this.bar.write(search, number, push);
    // What was undone is gone once something else is done.
    if (push) this.last = number;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(next: Screen): void {
    const before = this.screen;
    this.screen = next;
    for (const listener of this.listeners) listener(next, before);
  }
}

interface Entry {
  readonly tweestadStep?: number;
}

export function browserAddressBar(): AddressBar {
  return {
    search: () => location.search,
    step: () => (history.state as Entry | null)?.tweestadStep ?? 0,
    write: (search, step, push) => {
      const address = location.pathname + search;
      const entry: Entry = { tweestadStep: step };
      if (push) history.pushState(entry, "", address);
      else history.replaceState(entry, "", address);
    },
    go: (steps) => history.go(steps),
    onBack: (listener) => addEventListener("popstate", listener),
  };
}

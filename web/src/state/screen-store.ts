/** Holds the screen, tells who listens, and keeps the address and the browser's history in step. */

import { readAddress, writeAddress } from "./address";
import type { Screen } from "./screen";

export type Listener = (now: Screen, before: Screen) => void;

/** The part of the browser that the store needs; a test gives its own. */
export interface AddressBar {
  search(): string;
  write(search: string, push: boolean): void;
  onBack(listener: () => void): void;
}

export class ScreenStore {
  private screen: Screen;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly bar: AddressBar) {
    this.screen = readAddress(bar.search());
    bar.onBack(() => this.put(readAddress(bar.search())));
  }

  get(): Screen {
    return this.screen;
  }

  /** Change the screen; a choice becomes a step in the history, a movement of the camera does not. */
  update(patch: Partial<Screen>, step: "step" | "same" = "step"): void {
    const next = { ...this.screen, ...patch };
    const search = writeAddress(next, this.bar.search());
    if (search !== this.bar.search()) this.bar.write(search, step === "step");
    this.put(next);
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

export function browserAddressBar(): AddressBar {
  return {
    search: () => location.search,
    write: (search, push) => {
      const address = location.pathname + search;
      if (push) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    },
    onBack: (listener) => addEventListener("popstate", listener),
  };
}

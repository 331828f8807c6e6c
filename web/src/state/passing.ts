/** What goes on for a while, such as the drag of a slider: one step in the history when it rests. */

import type { Screen } from "./screen";
import type { Step } from "./screen-store";

const RESTS_AFTER_MS = 500;

export class Passing {
  private timer = 0;
  private last: Partial<Screen> | null = null;
  private held = false;

  constructor(
    private readonly change: (patch: Partial<Screen>, step: Step) => void,
    private readonly screen: () => Screen,
  ) {}

  /** A finger or the mouse holds it: it rests when that lets go, however long it lies still. */
  hold(): void {
    clearTimeout(this.timer);
    this.held = true;
  }

  put(patch: Partial<Screen>): void {
    this.last = patch;
    this.change(patch, "passing");
    clearTimeout(this.timer);
    if (!this.held) this.timer = window.setTimeout(() => this.rest(), RESTS_AFTER_MS);
  }

  /** The end, at once; nothing when something else has been chosen meanwhile. */
  rest(): void {
    clearTimeout(this.timer);
    this.held = false;
    const patch = this.last;
    this.last = null;
    if (patch === null) return;
    const screen = this.screen();
    const still = (Object.keys(patch) as (keyof Screen)[]).every((key) => screen[key] === patch[key]);
    if (still) this.change(patch, "step");
  }

  /** What was going on is no step of its own any more. */
  drop(): void {
    clearTimeout(this.timer);
    this.held = false;
    this.last = null;
  }
}

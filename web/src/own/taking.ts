/** Keeps count of what is taken from a file, what is left out and why, and what has to be said. */

import { LIMITS } from "./limits";
import type { Facts } from "./own-error";
import type { LeftOut, LeftReason, Note, NoteCode } from "./own-layer";

export class Taking {
  private readonly left = new Map<LeftReason, number>();
  private readonly said = new Map<NoteCode, Facts>();
  private readonly times = new Map<NoteCode, number>();
  private vertices = 0;
  private features = 0;

  leaveOut(reason: LeftReason, count = 1): void {
    this.left.set(reason, (this.left.get(reason) ?? 0) + count);
  }

  note(code: NoteCode, facts: Facts = {}): void {
    this.said.set(code, facts);
  }

  /** Something that is said once, with how often it was. */
  count(code: NoteCode, times = 1): void {
    this.times.set(code, (this.times.get(code) ?? 0) + times);
  }

  /** Whether one more object of so many vertices fits; when not, it is counted as left out. */
  fits(vertices: number): boolean {
    const reason = this.full(vertices);
    if (reason !== null) {
      this.leaveOut(reason);
      return false;
    }
    this.features += 1;
    this.vertices += vertices;
    return true;
  }

  private full(vertices: number): LeftReason | null {
    if (this.features >= LIMITS.features) return "too-many";
    return this.vertices + vertices > LIMITS.vertices ? "too-many-vertices" : null;
  }

  get leftOut(): readonly LeftOut[] {
    return [...this.left].map(([reason, count]) => ({ reason, count }));
  }

  get notes(): readonly Note[] {
    const said = [...this.said].map(([code, facts]) => ({ code, facts }));
    return [...said, ...[...this.times].map(([code, count]) => ({ code, facts: { count } }))];
  }
}

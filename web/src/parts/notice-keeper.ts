/** Which notice is on the map: at most one, and the newest that still holds. */

import type { Progress } from "../scene/engine";
import type { Say } from "../words/words";
import { flatNotice, loadingNotice, type NoticeActions, offlineNotice } from "./notices";
import { failureState, type StateBox } from "./states";

export class NoticeKeeper {
  current: StateBox | null = null;
  private readonly actions: NoticeActions;

  /** `drawn` asks for a new drawing of the screen. */
  constructor(
    private readonly say: () => Say,
    actions: Omit<NoticeActions, "dismiss">,
    private readonly drawn: () => void,
  ) {
    this.actions = { ...actions, dismiss: () => this.clear() };
  }

  clear(): void {
    this.put(null);
  }

  /** Only over nothing or an earlier loading; without progress only over nothing. */
  loading(progress: Progress | null, isFlat: boolean): void {
    if (progress !== null && this.current === null) return;
    if (this.current !== null && this.current.kind !== "loading") return;
    this.put(loadingNotice(this.say(), this.actions, progress, isFlat));
  }

  loaded(): void {
    if (this.current?.kind === "loading") this.clear();
  }

  flat(): void {
    this.put(flatNotice(this.say(), this.actions));
  }

  /** Without a connection it is not the server that fails, and loading the page again would lose it. */
  failed(): void {
    if (!navigator.onLine) this.put(offlineNotice(this.say(), this.actions));
    else this.put(failureState(this.say(), "failed", () => location.reload()));
  }

  connection(): void {
    if (!navigator.onLine) this.put(offlineNotice(this.say(), this.actions));
    else if (this.current?.kind === "stale") this.clear();
  }

  private put(notice: StateBox | null): void {
    this.current = notice;
    this.drawn();
  }
}

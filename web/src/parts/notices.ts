/** The states of the map as a whole. */

import type { Progress } from "../scene/engine";
import type { Say } from "../words/words";
import type { StateAction, StateBox } from "./states";

/** What one can do while the map is not (yet) what was asked for. */
export interface NoticeActions {
  toFlat(): void;
  toTable(): void;
  dismiss(): void;
}

export function loadingNotice(
  say: Say,
  on: NoticeActions,
  progress: Progress | null,
  isFlat: boolean,
): StateBox {
  const flat: StateAction = { label: say("map.loading.flat"), act: on.toFlat };
  const table: StateAction = { label: say("map.loading.table"), act: on.toTable };
  const known = progress !== null && progress.total > 0;
  return {
    kind: "loading",
    title: say("map.loading.title"),
    text: say("map.loading.text"),
    progress: known ? progress.done / progress.total : 0,
    progressText: known ? say("map.loading.progress", { done: progress.done, total: progress.total }) : "",
    actions: isFlat ? [table] : [flat, table],
  };
}

export function flatNotice(say: Say, on: NoticeActions): StateBox {
  return {
    kind: "flat",
    title: say("map.no-3d.title"),
    text: say("map.no-3d.text"),
    actions: [
      { label: say("map.understood"), act: on.dismiss },
      { label: say("map.loading.table"), act: on.toTable },
    ],
  };
}

export function offlineNotice(say: Say, on: NoticeActions): StateBox {
  return {
    kind: "stale",
    title: say("map.offline.title"),
    text: say("map.offline.text"),
    actions: [{ label: say("map.understood"), act: on.dismiss }],
  };
}

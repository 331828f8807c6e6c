/** What the screen is made of; `main.ts` gathers it once. */

import type { Client } from "../api/client";
import type { Layer, Place, SceneManifest, Twin } from "../api/shapes";
import type { Counts } from "../state/counts";
import type { Legends } from "../state/legends";
import type { OwnFiles } from "../state/own-files";
import type { ScreenStore } from "../state/screen-store";
import { tellingPlaces } from "../state/telling-places";
import type { Words } from "../words/words";
import type { LiveKeeper } from "./live-keeper";

export interface AppParts {
  readonly words: Words;
  readonly client: Client;
  readonly twin: Twin;
  readonly layers: readonly Layer[];
  readonly scene: SceneManifest;
  readonly legends: Legends;
  readonly counts: Counts;
  readonly store: ScreenStore;
  readonly own: OwnFiles;
  readonly live: LiveKeeper;
}

/** What one object of a layer is called. */
export function nounOf({ layers, words }: AppParts, layer: string): string {
  return words.text(layers.find((one) => one.id === layer)?.noun.one) || layer;
}

/** What stands beside suggestions of the search. */
export function placesTold(parts: AppParts, places: readonly Place[]): readonly string[] {
  const { say } = parts.words;
  return tellingPlaces(places, parts.scene.labels, {
    kind: (kind) => say(`map.place.${kind}`),
    noun: (layer) => nounOf(parts, layer),
    near: (area) => say("map.search.near", { area }),
  });
}

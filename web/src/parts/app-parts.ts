/** What the screen is made of; `main.ts` gathers it once. */

import type { Client } from "../api/client";
import type { Layer, SceneManifest, Twin } from "../api/shapes";
import type { Counts } from "../state/counts";
import type { Legends } from "../state/legends";
import type { OwnFiles } from "../state/own-files";
import type { ScreenStore } from "../state/screen-store";
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

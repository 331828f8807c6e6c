/** What the panels need of the application. */

import type { Layer, Twin } from "../api/shapes";
import { writeAddress } from "../state/address";
import type { Counts } from "../state/counts";
import type { Legends } from "../state/legends";
import type { PanelMemory } from "../state/panel-memory";
import type { Question } from "../state/questions";
import type { Screen } from "../state/screen";
import type { Step } from "../state/screen-store";
import type { Words } from "../words/words";
import type { AppParts } from "./app-parts";
import type { LiveKeeper } from "./live-keeper";

export interface PanelContext {
  readonly words: Words;
  readonly twin: Twin;
  readonly layers: readonly Layer[];
  readonly legends: Legends;
  readonly counts: Counts;
  readonly memory: PanelMemory;
  readonly live: LiveKeeper;
  readonly screen: Screen;
  /** The layers that are on, in the order of the twin. */
  readonly shown: readonly string[];
  /** Whether the map is the 3D one. */
  readonly in3d: boolean;
  /** The question that was asked last, until something else is chosen. */
  readonly asked: Question | null;
  change(patch: Partial<Screen>, step?: Step): void;
  ask(event: MouseEvent, question: Question): void;
  /** The address of the screen after a change, for real links. */
  addressOf(patch: Partial<Screen>): string;
  /** A path of the server. */
  below(path: string): string;
  /** A path of the server in the language of the page. */
  link(path: string): string;
}

/** What the panels get: the parts of the app, the screen, and what the app does for them. */
export function panelContext(
  parts: AppParts,
  screen: Screen,
  app: Pick<PanelContext, "shown" | "in3d" | "asked" | "memory" | "change" | "ask">,
): PanelContext {
  const { words, twin, layers, legends, counts, client, live } = parts;
  return {
    ...app,
    words,
    twin,
    layers,
    legends,
    counts,
    live,
    screen,
    addressOf: (patch) => location.pathname + writeAddress({ ...screen, ...patch }, location.search),
    below: (path) => client.below(path),
    link: (path) => client.below(words.language === "en" ? `${path}?taal=en` : path),
  };
}

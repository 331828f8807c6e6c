/** A live layer as it is shown: with the property that was chosen. */

import type { LiveChoice } from "../state/live";
import type { LiveLayer } from "./shapes";

const shown = new WeakMap<LiveLayer, Map<string, LiveLayer>>();

/** Its legend is then about the chosen property; the same object for the same choice. */
export function showingOf(layer: LiveLayer, live: readonly LiveChoice[]): LiveLayer {
  const observed = live.find((one) => one.layer === layer.id)?.observed ?? "";
  const property = layer.properties.find(({ id }) => id === observed);
  if (property === undefined) return layer;
  const made = shown.get(layer) ?? new Map<string, LiveLayer>();
  shown.set(layer, made);
  const { title, unit, classes, norm } = property;
  const one = made.get(observed) ?? { ...layer, observed: title, unit, classes, norm };
  made.set(observed, one);
  return one;
}

export interface LiveTheme {
  /** Its Dutch name, by which the screen knows it. */
  readonly name: string;
  readonly layers: readonly LiveLayer[];
}

export function liveThemes(layers: readonly LiveLayer[]): readonly LiveTheme[] {
  const names = [...new Set(layers.map(({ theme }) => theme.nl))];
  return names.map((name) => ({ name, layers: layers.filter(({ theme }) => theme.nl === name) }));
}

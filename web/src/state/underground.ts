/** Looking below the ground: which layers come up with it, and what the screen then shows. */

import type { Layer } from "../api/shapes";
import { looksOf } from "./looks";
import { firstLayers } from "./questions";
import type { Screen } from "./screen";

export function hasUnderground(layers: readonly Layer[]): boolean {
  return layers.some(liesBelow);
}

/** The screen with the ground thin and all tubes shown, or back as it was: whole, without tubes. */
export function turnedUnderground(screen: Screen, layers: readonly Layer[]): Partial<Screen> {
  const on = new Set(screen.layers ?? firstLayers(layers));
  const underground = !screen.underground;
  const shown = layers.filter((layer) => (liesBelow(layer) ? underground : on.has(layer.id)));
  const ids = shown.map((layer) => layer.id);
  return { underground, depthM: 0, layers: ids, looks: looksOf(screen.looks, ids) };
}

function liesBelow(layer: Layer): boolean {
  return layer.kind === "tubes";
}

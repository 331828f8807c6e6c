/** Looking below the ground: which layers come up with it, and what the screen then shows. */

import type { Layer } from "../api/shapes";
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
  const below = layers.filter(liesBelow).map((layer) => layer.id);
  const gone = !underground && screen.colour !== null && below.includes(screen.colour.layer);
  return { underground, layers: shown.map((layer) => layer.id), ...(gone ? { colour: null } : {}) };
}

function liesBelow(layer: Layer): boolean {
  return layer.kind === "tubes";
}

/** Layers of what is still to come: drawn hatched, with a dashed edge. */

import type { Layer } from "../api/shapes";

export function isPlanned(layer: Layer): boolean {
  return layer.time?.planned === true;
}

/** Their ids. */
export function plannedLayers(layers: readonly Layer[]): ReadonlySet<string> {
  return new Set(layers.filter(isPlanned).map(({ id }) => id));
}

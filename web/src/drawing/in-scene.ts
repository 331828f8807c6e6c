/** Which layers the 3D scene draws from their features, because they have no tiles of their own. */

import type { Layer } from "../api/shapes";

/** More shapes than this make every frame slow; such a layer is on the flat map only, and the panel says so. */
export const MOST_SHAPES = 2000;

const KINDS: ReadonlySet<string> = new Set(["areas", "lines", "points"]);
/** These lie in the ground of the city itself. */
const GROUND: ReadonlySet<string> = new Set(["water", "street", "path", "park", "building"]);

/** Whether a layer consists of loose shapes: no tiles, and no part of the ground. */
export function isLoose(layer: Layer): boolean {
  return KINDS.has(layer.kind) && !GROUND.has(layer.style.role);
}

export function tooManyShapes(layer: Layer): boolean {
  return isLoose(layer) && layer.count > MOST_SHAPES;
}

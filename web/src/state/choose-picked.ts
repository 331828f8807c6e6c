/** Of several objects under one point: the one that the visitor most likely meant. */

import type { Layer, PickedObject } from "../api/shapes";

/** Small things lie on large things. */
const RANK: Readonly<Record<string, number>> = {
  point: 0,
  building: 1,
  line: 2,
  street: 3,
  path: 3,
  water: 4,
  park: 4,
  plain: 5,
  area: 6,
  boundary: 6,
};

/** What has no name is chosen only when nothing else is there. */
const NAMELESS = 10;

export function choosePicked(
  objects: readonly PickedObject[],
  layers: readonly Layer[],
): PickedObject | null {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const order = (object: PickedObject): readonly [number, number, number] => {
    const layer = byId.get(object.layer);
    const role =
      layer?.kind === "points" || layer?.kind === "trees" ? "point" : (layer?.style.role ?? "plain");
    const thin = layer?.kind === "points" || layer?.kind === "trees" || layer?.kind === "lines";
    const beside = !thin && object.distanceM > 0 ? 1 : 0;
    return [beside, (RANK[role] ?? 5) + (object.title === "" ? NAMELESS : 0), object.distanceM];
  };
  const sorted = [...objects].sort((a, b) => compare(order(a), order(b)));
  return sorted[0] ?? null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, n) => value !== b[n]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

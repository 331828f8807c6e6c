/** How many objects of each visible layer a drawn area touches: the server gives the candidates, the browser decides. */

import type { Client } from "../../api/client";
import type { Layer } from "../../api/shapes";
import { touches } from "../../measure/in-area";
import { rdOf } from "../../measure/rd";
import { allHold } from "../../state/conditions";
import { lookOf } from "../../state/looks";
import type { Screen, SketchPoint } from "../../state/screen";
import { yearConditions } from "../../state/years";

/** More candidates than this are not fetched: then the count is not made, and the screen says so. */
export const MOST_CANDIDATES = 2000;

export interface LayerCount {
  readonly layer: Layer;
  /** Null: too many lie around for the browser. */
  readonly count: number | null;
}

export async function countsIn(
  client: Client,
  screen: Screen,
  layers: readonly Layer[],
  ring: readonly SketchPoint[],
): Promise<readonly LayerCount[]> {
  const rd = ring.map(rdOf);
  const box = boxOf(ring);
  return Promise.all(
    layers.map(async (layer) => {
      const found = await client.featuresIn(layer.id, box, MOST_CANDIDATES + 1);
      if (found.length > MOST_CANDIDATES) return { layer, count: null };
      const where = [...(lookOf(screen, layer.id).where ?? []), ...yearConditions(layer, screen.year)];
      const inside = found.filter(
        ({ geometry, properties }) =>
          geometry !== null && allHold(where, properties) && touches(geometry, rd),
      );
      return { layer, count: inside.length };
    }),
  );
}

/** West, south, east and north of the points, a centimetre wider, so that rounding leaves nothing out. */
export function boxOf(points: readonly SketchPoint[]): readonly [number, number, number, number] {
  const [lons, lats] = [points.map(({ lon }) => lon), points.map(({ lat }) => lat)];
  const room = 1e-7;
  return [
    Math.min(...lons) - room,
    Math.min(...lats) - room,
    Math.max(...lons) + room,
    Math.max(...lats) + room,
  ];
}

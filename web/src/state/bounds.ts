/** Where a shape lies, to fly there. */

import type { Geometry } from "../api/shapes";
import { distanceFor, type Pose, type Size } from "../scene/pose";

export type Bounds = readonly [west: number, south: number, east: number, north: number];

export function boundsOf(geometry: Geometry): Bounds | null {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lon, lat] of pairs(geometry.coordinates)) {
    if (lon === undefined || lat === undefined) continue;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west <= east ? [west, south, east, north] : null;
}

function pairs(value: unknown): (readonly number[])[] {
  if (!Array.isArray(value)) return [];
  return typeof value[0] === "number" ? [value as number[]] : value.flatMap(pairs);
}

/** Looks at the middle of the box from so far that it fits, and never closer than 500 m. */
export function poseFor(bounds: Bounds, from: Pose, size: Size): Pose {
  const [west, south, east, north] = bounds;
  const lat = (south + north) / 2;
  const metres = Math.max(
    (east - west) * 111_319 * Math.cos((lat * Math.PI) / 180),
    (north - south) * 111_319,
  );
  const fits = distanceFor((metres * 2) / Math.max(1, Math.min(size.width, size.height)), size);
  return { ...from, lon: (west + east) / 2, lat, distance: Math.min(6000, Math.max(500, fits)) };
}

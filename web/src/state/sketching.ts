/** Steps of drawing: each gives the sketch that follows. */

import type { Spot } from "../scene/engine";
import type { Sketch, SketchKind, SketchPoint } from "./screen";

/** As many as an address holds. */
export const MOST_POINTS = 200;

export function mostPoints(kind: SketchKind): number {
  return kind === "height" ? 2 : MOST_POINTS;
}

export function isFull({ kind, points }: Sketch): boolean {
  return points.length >= mostPoints(kind);
}

/** The same sketch when there is no room, or when the point lies on the one before. */
export function withPoint(sketch: Sketch, spot: Spot): Sketch {
  const point = pointOf(spot);
  const before = sketch.points.at(-1);
  const again = before !== undefined && sketch.kind !== "height" && samePlace(before, point);
  if (isFull(sketch) || again) return sketch;
  return { ...sketch, points: [...sketch.points, point] };
}

export function withoutPoint(sketch: Sketch, index: number): Sketch {
  return { ...sketch, points: sketch.points.filter((_, n) => n !== index) };
}

/** Another measure of the same points, as far as it has room for them. */
export function withKind(sketch: Sketch, kind: SketchKind): Sketch {
  return { kind, points: sketch.points.slice(0, mostPoints(kind)) };
}

/** As the address keeps it, so that a link shows the very same numbers. */
function pointOf({ lon, lat, napM }: Spot): SketchPoint {
  const place = { lon: Number(lon.toFixed(7)), lat: Number(lat.toFixed(7)) };
  return napM === null ? place : { ...place, napM: Number(napM.toFixed(2)) };
}

function samePlace(a: SketchPoint, b: SketchPoint): boolean {
  return Math.abs(a.lon - b.lon) < 1e-7 && Math.abs(a.lat - b.lat) < 1e-7;
}

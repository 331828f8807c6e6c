/** A drawn area as a GeoJSON document (RFC 7946: longitude and latitude, anticlockwise, closed). */

import type { Sketch } from "../state/screen";
import { rdOf } from "./rd";
import { area, perimeter } from "./shape";

export function geoJsonOf(sketch: Sketch): string {
  const rd = sketch.points.map(rdOf);
  const ring = sketch.points.map(({ lon, lat }) => [lon, lat]);
  if (clockwise(rd)) ring.reverse();
  const feature = {
    type: "Feature",
    properties: { oppervlakte_m2: Number(area(rd).toFixed(1)), omtrek_m: Number(perimeter(rd).toFixed(1)) },
    geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] },
  };
  return `${JSON.stringify({ type: "FeatureCollection", features: [feature] }, null, 2)}\n`;
}

function clockwise(ring: readonly { readonly x: number; readonly y: number }[]): boolean {
  const [first] = ring;
  if (first === undefined) return false;
  const twice = ring.reduce((sum, a, n) => {
    const b = ring[(n + 1) % ring.length] ?? first;
    return sum + (a.x - first.x) * (b.y - first.y) - (b.x - first.x) * (a.y - first.y);
  }, 0);
  return twice < 0;
}

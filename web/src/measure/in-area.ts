/** Which objects a drawn area touches. */

import type { Geometry, Position } from "../api/shapes";
import { type RdPoint, rdOf } from "./rd";
import { contains, crosses } from "./shape";

type Rings = readonly (readonly RdPoint[])[];

/** Whether any part of the geometry (degrees) lies in the ring (RD, not closed), its edge included. */
export function touches(geometry: Geometry, ring: readonly RdPoint[]): boolean {
  switch (geometry.type) {
    case "Point":
      return contains([ring], inRd(geometry.coordinates));
    case "MultiPoint":
      return geometry.coordinates.some((place) => contains([ring], inRd(place)));
    case "LineString":
      return lineTouches(geometry.coordinates.map(inRd), ring);
    case "MultiLineString":
      return geometry.coordinates.some((line) => lineTouches(line.map(inRd), ring));
    case "Polygon":
      return areaTouches(ringsOf(geometry.coordinates), ring);
    case "MultiPolygon":
      return geometry.coordinates.some((rings) => areaTouches(ringsOf(rings), ring));
  }
}

function inRd([lon, lat]: Position): RdPoint {
  return rdOf({ lon: lon ?? 0, lat: lat ?? 0 });
}

/** Closing points stay: an edge without length crosses nothing. */
function ringsOf(rings: readonly (readonly Position[])[]): Rings {
  return rings.map((ring) => ring.map(inRd));
}

function lineTouches(line: readonly RdPoint[], ring: readonly RdPoint[]): boolean {
  if (line.some((point) => contains([ring], point))) return true;
  return line.slice(1).some((point, n) => edgeCrosses(line[n] as RdPoint, point, ring));
}

function areaTouches(rings: Rings, ring: readonly RdPoint[]): boolean {
  if (rings.some((one) => lineTouches(one, ring))) return true;
  // The drawn area may lie within the object, and not only in a hole of it.
  return ring[0] !== undefined && contains(rings, ring[0]);
}

function edgeCrosses(a: RdPoint, b: RdPoint, ring: readonly RdPoint[]): boolean {
  return ring.some((c, n) => crosses(a, b, c, ring[(n + 1) % ring.length] as RdPoint));
}

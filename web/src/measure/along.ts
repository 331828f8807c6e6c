/** A line seen from the side: places along it, and what it crosses. */

import type { Geometry, Position } from "../api/shapes";
import { type RdPoint, rdOf } from "./rd";
import { contains, distance, length, stretches } from "./shape";

/** As many as the server gives heights for in one answer. */
export const MOST_SAMPLES = 200;
/** Closer together nothing new is seen: the ground of a twin is measured in steps of a few metres. */
const FINEST_M = 1;

export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

export interface Sample extends LonLat {
  /** Metres along the line. */
  readonly alongM: number;
}

/** Places at equal steps along the line, its corners included, at most 200. */
export function samplesAlong(line: readonly LonLat[]): readonly Sample[] {
  const rd = line.map(rdOf);
  const total = length(rd);
  if (line.length < 2 || total === 0) return [];
  const room = MOST_SAMPLES - line.length;
  const step = Math.max(FINEST_M, total / Math.max(1, room));
  const found: Sample[] = [];
  let before = 0;
  stretches(rd).forEach((metres, n) => {
    const [from, to] = [line[n] as LonLat, line[n + 1] as LonLat];
    const parts = Math.max(1, Math.floor(metres / step));
    for (let part = 0; part < parts && metres > 0; part += 1) {
      const share = part / parts;
      found.push({
        alongM: before + metres * share,
        lon: from.lon + (to.lon - from.lon) * share,
        lat: from.lat + (to.lat - from.lat) * share,
      });
    }
    before += metres;
  });
  return [...found, { ...(line.at(-1) as LonLat), alongM: total }];
}

/** Where the line runs over an area (degrees), as stretches in metres along the line. */
export function crossed(line: readonly LonLat[], geometry: Geometry): readonly (readonly [number, number])[] {
  const areas =
    geometry.type === "Polygon"
      ? [geometry.coordinates]
      : geometry.type === "MultiPolygon"
        ? geometry.coordinates
        : [];
  const rd = line.map(rdOf);
  return areas.flatMap((rings) => crossedBy(rd, rings.map(ringOf)));
}

function ringOf(ring: readonly Position[]): readonly RdPoint[] {
  return ring.map(([lon, lat]) => rdOf({ lon: lon ?? 0, lat: lat ?? 0 }));
}

function crossedBy(
  line: readonly RdPoint[],
  rings: readonly (readonly RdPoint[])[],
): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let before = 0;
  stretches(line).forEach((metres, n) => {
    const [a, b] = [line[n] as RdPoint, line[n + 1] as RdPoint];
    const cuts = [0, ...rings.flatMap((ring) => cutsOf(a, b, ring)), 1].sort((one, two) => one - two);
    cuts.slice(1).forEach((to, k) => {
      const from = cuts[k] as number;
      const middle = at(a, b, (from + to) / 2);
      if (to - from < 1e-9 || !contains(rings, middle)) return;
      const last = found.at(-1);
      const start = before + from * metres;
      // A corner of the line within a building, or an edge that is touched, does not cut the block in two.
      if (last !== undefined && start - last[1] < 1e-6) last[1] = before + to * metres;
      else found.push([start, before + to * metres]);
    });
    before += metres;
  });
  return found;
}

/** Shares of the stretch from `a` to `b` at which it crosses the ring. */
function cutsOf(a: RdPoint, b: RdPoint, ring: readonly RdPoint[]): readonly number[] {
  return ring.flatMap((c, n) => {
    const d = ring[(n + 1) % ring.length] as RdPoint;
    const across = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
    if (across === 0 || distance(c, d) === 0) return [];
    const t = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / across;
    const u = ((c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x)) / across;
    return t > 0 && t < 1 && u >= 0 && u <= 1 ? [t] : [];
  });
}

function at(a: RdPoint, b: RdPoint, share: number): RdPoint {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

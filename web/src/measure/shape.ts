/** Lengths, areas and crossings of what is drawn, in RD: a flat sheet of metres. */

import type { RdPoint } from "./rd";

export function distance(a: RdPoint, b: RdPoint): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/** The length of each stretch. */
export function stretches(line: readonly RdPoint[]): readonly number[] {
  return line.slice(1).map((point, n) => distance(line[n] as RdPoint, point));
}

export function length(line: readonly RdPoint[]): number {
  return stretches(line).reduce((sum, one) => sum + one, 0);
}

/** Around a ring that is not closed in the list. */
export function perimeter(ring: readonly RdPoint[]): number {
  const [first] = ring;
  return first === undefined ? 0 : length([...ring, first]);
}

/** Square metres of a ring, by the shoelace formula; what crosses itself has no area worth naming. */
export function area(ring: readonly RdPoint[]): number {
  const [first] = ring;
  if (first === undefined) return 0;
  let twice = 0;
  ring.forEach((point, n) => {
    const next = ring[(n + 1) % ring.length] as RdPoint;
    // From the first corner on, or the large numbers of RD would eat the decimals.
    twice += (point.x - first.x) * (next.y - first.y) - (next.x - first.x) * (point.y - first.y);
  });
  return Math.abs(twice) / 2;
}

/** Whether two edges of the ring meet that are not neighbours. */
export function crossesItself(ring: readonly RdPoint[]): boolean {
  const edges = ring.map((point, n) => [point, ring[(n + 1) % ring.length] as RdPoint] as const);
  return edges.some(([a, b], i) =>
    edges.some(([c, d], j) => {
      const apart = Math.abs(i - j);
      return i < j && apart > 1 && apart < ring.length - 1 && crosses(a, b, c, d);
    }),
  );
}

/** Whether two stretches have a point in common. */
export function crosses(a: RdPoint, b: RdPoint, c: RdPoint, d: RdPoint): boolean {
  const [ac, ad, ca, cb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (ac * ad < 0 && ca * cb < 0) return true;
  return (
    (ac === 0 && within(a, b, c)) ||
    (ad === 0 && within(a, b, d)) ||
    (ca === 0 && within(c, d, a)) ||
    (cb === 0 && within(c, d, b))
  );
}

/** Positive when `p` lies left of the stretch from `a` to `b`. */
function side(a: RdPoint, b: RdPoint, p: RdPoint): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

function within(a: RdPoint, b: RdPoint, p: RdPoint): boolean {
  return (
    Math.min(a.x, b.x) <= p.x &&
    p.x <= Math.max(a.x, b.x) &&
    Math.min(a.y, b.y) <= p.y &&
    p.y <= Math.max(a.y, b.y)
  );
}

/** Whether a point lies in an area with holes: the even-odd rule over all its rings. */
export function contains(rings: readonly (readonly RdPoint[])[], p: RdPoint): boolean {
  let inside = false;
  for (const ring of rings) {
    ring.forEach((a, n) => {
      const b = ring[(n + 1) % ring.length] as RdPoint;
      const rises = a.y > p.y !== b.y > p.y;
      if (rises && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    });
  }
  return inside;
}

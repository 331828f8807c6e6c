/** Faces that lie side by side, such as the triangles of a terrain, become the areas that they make up. */

/** Rings of vertex indices; seen from above the outline runs anticlockwise and the holes clockwise. */
export type Rings = readonly (readonly number[])[];

/**
 * The rings round all faces together: what two faces share, each in its own direction, is no edge. Areas
 * that meet in a corner get rings of their own. Null when the rest does not close.
 */
export function ringsAround(faces: readonly Rings[]): number[][] | null {
  const next = new Map<number, Set<number>>();
  for (const face of faces) {
    for (const ring of face) {
      for (const [i, from] of ring.entries()) addEdge(next, from, ring[(i + 1) % ring.length] ?? from);
    }
  }
  const rings: number[][] = [];
  for (const start of next.keys()) {
    while ((next.get(start)?.size ?? 0) > 0) {
      if (!follow(next, start, rings)) return null;
    }
  }
  return rings;
}

/** An edge, unless its opposite is there: then neither is. */
function addEdge(next: Map<number, Set<number>>, from: number, to: number): void {
  if (next.get(to)?.delete(from)) return;
  const targets = next.get(from) ?? new Set();
  targets.add(to);
  next.set(from, targets);
}

/** Walks until it is back; whatever way it takes at a corner, each loop on the way is a ring. */
function follow(next: Map<number, Set<number>>, start: number, rings: number[][]): boolean {
  const path: number[] = [];
  const places = new Map<number, number>();
  let at = start;
  for (;;) {
    const before = places.get(at);
    if (before !== undefined) {
      const ring = path.splice(before);
      if (ring.length < 3) return false;
      for (const corner of ring) places.delete(corner);
      rings.push(ring);
      if (path.length === 0) return true;
    }
    const targets = next.get(at);
    const [to] = targets ?? [];
    if (to === undefined) return false;
    targets?.delete(to);
    places.set(at, path.length);
    path.push(at);
    at = to;
  }
}

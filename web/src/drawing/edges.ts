/** Borders that neighbours share, drawn once: twice the same dashes make a solid line. */

export type Point = readonly number[];

/**
 * The rings as lines in which every edge comes once, whichever way it runs. Points are the same when they
 * are equal to `decimals` decimals. Lines are as long as they can be, so that dashes run on.
 */
export function edgesOnce(rings: readonly (readonly Point[])[], decimals: number): Point[][] {
  const seen = new Set<string>();
  const lines: Point[][] = [];
  for (const ring of rings) {
    let line: Point[] = [];
    for (let n = 1; n < ring.length; n += 1) {
      const from = ring[n - 1] as Point;
      const to = ring[n] as Point;
      const [a, b] = [key(from, decimals), key(to, decimals)];
      const edge = a < b ? `${a} ${b}` : `${b} ${a}`;
      if (a !== b && !seen.has(edge)) {
        seen.add(edge);
        if (line.length === 0) line.push(from);
        line.push(to);
      } else if (a !== b && line.length > 0) {
        lines.push(line);
        line = [];
      }
    }
    if (line.length > 0) lines.push(line);
  }
  return lines;
}

function key(point: Point, decimals: number): string {
  return `${(point[0] ?? 0).toFixed(decimals)},${(point[1] ?? 0).toFixed(decimals)}`;
}

/** One live measurement as both maps draw it, and which of them a pointer means. */

import type { Geometry, Position } from "../api/shapes";
import type { ScreenPoint } from "./engine";

/** A value below a norm or without one is a circle, above it a diamond; places have squares, warnings triangles. */
export type MarkForm = "circle" | "diamond" | "square" | "sign" | "warning" | "arrow";

export interface LiveMark {
  /** Of the thing that measures. */
  readonly id: string;
  readonly layer: string;
  /** A stretch of road; null for what stands at one point. */
  readonly line: readonly Position[] | null;
  /** Where its symbol stands. */
  readonly at: Position;
  readonly form: MarkForm;
  /** The sign in the symbol; "" for none. */
  readonly glyph: string;
  readonly colour: string;
  /** No recent measurement: grey, and with a form of its own. */
  readonly stale: boolean;
  readonly suspect: boolean;
  /** Clockwise from north; null for what has no direction. */
  readonly headingDeg: number | null;
  /** Written beside it where there is room. */
  readonly label: string;
  readonly chosen: boolean;
}

/** A finger or the mouse means the nearest within so many pixels. */
export const TOUCH_PIXELS = 14;

/** A mark with the pixels of its symbol, or of the line that it is. */
export interface OnScreen {
  readonly mark: LiveMark;
  readonly points: readonly ScreenPoint[];
}

export function nearestMark(drawn: Iterable<OnScreen>, { x, y }: ScreenPoint): LiveMark | null {
  let best: { readonly mark: LiveMark; readonly away: number } | null = null;
  for (const { mark, points } of drawn) {
    const away = pixelsTo(points, x, y);
    if (away <= TOUCH_PIXELS && (best === null || away <= best.away)) best = { mark, away };
  }
  return best?.mark ?? null;
}

function pixelsTo(points: readonly ScreenPoint[], x: number, y: number): number {
  const [first] = points;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  if (points.length === 1) return Math.hypot(first.x - x, first.y - y);
  let least = Number.POSITIVE_INFINITY;
  for (let n = 1; n < points.length; n += 1) {
    const [a, b] = [points[n - 1] as ScreenPoint, points[n] as ScreenPoint];
    const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
    const along = long === 0 ? 0 : ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / long;
    const share = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(a.x + (b.x - a.x) * share - x, a.y + (b.y - a.y) * share - y));
  }
  return least;
}

/** The point halfway along a line, and which way the line goes there, clockwise from north. */
export function halfway(line: readonly Position[]): { readonly at: Position; readonly headingDeg: number } {
  const wide = Math.cos(((line[0]?.[1] ?? 0) * Math.PI) / 180);
  const steps = line.slice(1).map((to, n) => {
    const from = line[n] as Position;
    const [east, north] = [((to[0] ?? 0) - (from[0] ?? 0)) * wide, (to[1] ?? 0) - (from[1] ?? 0)];
    return { from, to, east, north, long: Math.hypot(east, north) };
  });
  let left = steps.reduce((sum, step) => sum + step.long, 0) / 2;
  for (const { from, to, east, north, long } of steps) {
    if (left > long) {
      left -= long;
      continue;
    }
    const share = long === 0 ? 0 : left / long;
    const between = (n: 0 | 1) => (from[n] ?? 0) + ((to[n] ?? 0) - (from[n] ?? 0)) * share;
    return {
      at: [between(0), between(1)],
      headingDeg: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360,
    };
  }
  return { at: line[0] ?? [0, 0], headingDeg: 0 };
}

/** All pieces of a geometry that are lines. */
export function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  if (geometry.type === "LineString") return [geometry.coordinates];
  return geometry.type === "MultiLineString" ? geometry.coordinates : [];
}

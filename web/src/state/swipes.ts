/** Two sides of one map: what is on each, in words. */

import type { Layer } from "../api/shapes";
import type { Screen, Swipe } from "./screen";
import { stepOf, type YearSpan } from "./years";

/** What the sides differ in. */
export interface SideWords {
  /** Null: the same on both sides. */
  readonly year: { readonly left: number | null; readonly right: number | null } | null;
  readonly onlyLeft: readonly Layer[];
  readonly onlyRight: readonly Layer[];
}

export function sidesOf(
  screen: Screen,
  swipe: Swipe,
  layers: readonly Layer[],
  shown: readonly string[],
): SideWords {
  const right = swipe.layers ?? shown;
  const years = { left: screen.year, right: swipe.year ?? screen.year };
  return {
    year: years.left === years.right ? null : years,
    onlyLeft: layers.filter(({ id }) => shown.includes(id) && !right.includes(id)),
    onlyRight: layers.filter(({ id }) => right.includes(id) && !shown.includes(id)),
  };
}

/** What one compares with at first: half a life back, or now beside a year; else with one layer more or less. */
export function firstSwipe(
  screen: Screen,
  layers: readonly Layer[],
  shown: readonly string[],
  span: YearSpan | null,
  at: number,
): Swipe {
  const half = { at, layers: null, year: null };
  if (span === null) return { ...half, layers: otherLayers(layers, shown) };
  return { ...half, year: screen.year === null ? middle(span) : span.last };
}

export function otherLayers(layers: readonly Layer[], shown: readonly string[]): readonly string[] {
  const more = layers.find(({ id }) => !shown.includes(id));
  return more === undefined ? shown.slice(0, -1) : [...shown, more.id];
}

export function middle(span: Pick<YearSpan, "first" | "last">): number {
  const step = stepOf(span);
  return Math.round((span.first + span.last) / 2 / step) * step;
}

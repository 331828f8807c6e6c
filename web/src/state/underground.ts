/** Looking below the ground: which layers come up with it, and what the screen then shows. */

import type { Layer } from "../api/shapes";
import { looksOf } from "./looks";
import { firstLayers } from "./questions";
import type { Screen } from "./screen";

export function hasUnderground(layers: readonly Layer[]): boolean {
  return layers.some((layer) => liesBelow(layer) || reachesBelow(layer));
}

/** The screen with the ground thin and all tubes shown, or back as it was: whole, without tubes. */
export function turnedUnderground(screen: Screen, layers: readonly Layer[]): Partial<Screen> {
  const on = new Set(screen.layers ?? firstLayers(layers));
  const underground = !screen.underground;
  const shown = layers.filter((layer) => (liesBelow(layer) ? underground : on.has(layer.id)));
  const ids = shown.map((layer) => layer.id);
  return { underground, depthM: 0, layers: ids, looks: looksOf(screen.looks, ids) };
}

const BELOW: ReadonlySet<string> = new Set(["bob", "boordiepte", "diepte-onder-maaiveld", "filter-onder"]);
const DEEPEST_M = 60;

/** How far one goes at a time: a little near the street, more further down. */
function depthStep(depthM: number): number {
  return depthM < 10 ? 2 : 5;
}

/** The screen so many steps further down (or up, below zero); null when one does not look below. */
export function deepened(screen: Screen, steps: number): Partial<Screen> | null {
  if (!screen.underground) return null;
  let { depthM } = screen;
  for (let n = 0; n < Math.abs(steps); n += 1) {
    depthM += steps > 0 ? depthStep(depthM) : -depthStep(Math.max(0, depthM - 1));
  }
  return { depthM: Math.min(DEEPEST_M, Math.max(0, depthM)) };
}

function liesBelow(layer: Layer): boolean {
  return layer.kind === "tubes";
}

/** Borings, wells, sewers: on the map a point, with a depth. */
function reachesBelow(layer: Layer): boolean {
  return layer.columns.some(({ term }) => BELOW.has(term ?? ""));
}

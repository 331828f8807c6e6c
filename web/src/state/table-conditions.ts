/** The table shows the same objects as the map: its conditions are those of the screen, both ways. */

import type { Layer } from "../api/shapes";
import { writeCondition } from "./conditions";
import { lookOf, withLook } from "./looks";
import type { Screen } from "./screen";
import { conditionsOn, yearConditions } from "./years";

/** The conditions of a layer's table, as the server reads them. */
export function tableConditions(screen: Screen, layer: Layer | undefined): readonly string[] {
  return layer === undefined ? [] : conditionsOn(screen, layer).map(writeCondition);
}

/** What changes on the screen when only these conditions are left in the table. */
export function keptConditions(
  screen: Screen,
  layer: Layer | undefined,
  left: readonly string[],
): Partial<Screen> {
  if (layer === undefined) return {};
  const before = lookOf(screen, layer.id).where ?? [];
  const where = before.filter((one) => left.includes(writeCondition(one)));
  const ofYear = yearConditions(layer, screen.year);
  return {
    ...(where.length === before.length ? {} : { looks: withLook(screen.looks, layer.id, { where }) }),
    ...(ofYear.every((one) => left.includes(writeCondition(one))) ? {} : { year: null }),
  };
}

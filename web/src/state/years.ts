/** Time on the map: in which year an object was there. */

import type { Layer } from "../api/shapes";
import type { Condition } from "./conditions";

/** The term of the vocabulary for the year in which something was built. */
const BUILT = "bouwjaar";

/** The column of a layer that says since when an object is there. */
export function builtColumn(layer: Layer): string | null {
  return layer.columns.find((column) => column.term === BUILT)?.name ?? null;
}

/** What holds for the objects of a layer that were there in a year. Unknown years stay off the time bar. */
export function yearConditions(layer: Layer, year: number | null): readonly Condition[] {
  const column = year === null ? null : builtColumn(layer);
  return year === null || column === null ? [] : [{ column, to: year }];
}

/** Columns in which an object may have several values. Tiles know no lists: there they stand in one text. */

import type { Layer } from "../api/shapes";

const LIST = "codes";

/** Their names, by layer id. */
export function listedColumns(layers: readonly Layer[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    layers.map(({ id, columns }) => [
      id,
      new Set(columns.filter((column) => column.type === LIST).map((column) => column.name)),
    ]),
  );
}

/** What a column is called. */

import type { Column, Layer } from "../api/shapes";
import { unitWords } from "./units";
import type { Words } from "./words";

export function columnTitle(layer: Layer | undefined, column: string, words: Words): string {
  const found = layer?.columns.find((one) => one.name === column);
  return found === undefined ? column : words.text(found.title);
}

/** “Hoogte (m)”. */
export function columnWords(column: Column, words: Words): string {
  const unit = unitWords(column.unit, words.language);
  return unit === "" ? words.text(column.title) : `${words.text(column.title)} (${unit})`;
}

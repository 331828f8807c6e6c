/** What stands in the cells of a column: numbers when all of them are, as a Dutch or an English program writes. */

const POINT = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const COMMA = /^-?(?:0|[1-9]\d{0,14})(?:,\d{1,15})?$/;
const COORDINATE = /^[-+]?\d{1,9}(?:[.,]\d{0,15})?$/;
const YES = new Set(["true", "waar", "ja"]);
const NO = new Set(["false", "onwaar", "nee"]);

type Cell = string | number | boolean | null;

/** A coordinate with a decimal point or comma; null when it is something else. */
export function decimal(text: string): number | null {
  const bare = text.trim();
  return COORDINATE.test(bare) ? Number(bare.replace(",", ".")) : null;
}

/** The cells of one column. A number with zeros in front is a code, and stays text; so does "1.234,5". */
export function typedCells(cells: readonly string[]): Cell[] {
  const there = cells.map((cell) => cell.trim());
  const filled = there.filter((cell) => cell !== "");
  const all = (test: (cell: string) => boolean) => filled.length > 0 && filled.every(test);
  if (all((cell) => POINT.test(cell)) || all((cell) => COMMA.test(cell))) return there.map(numberOf);
  if (all((cell) => YES.has(cell.toLowerCase()) || NO.has(cell.toLowerCase()))) {
    return there.map((cell) => (cell === "" ? null : YES.has(cell.toLowerCase())));
  }
  return there.map((cell) => (cell === "" ? null : cell));
}

function numberOf(text: string): number | null {
  return text === "" ? null : Number(text.replace(",", "."));
}

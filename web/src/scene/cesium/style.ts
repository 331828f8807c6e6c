/** The styling language of 3D Tiles for our legends and our selection. Plain text, no engine needed. */

import type { StyleClass } from "../../api/shapes";
import { UNKNOWN_COLOUR } from "../../drawing/legend";
import { SELECTED, SELECTED_IN_SCENE } from "../../drawing/palette";

export interface StyleInput {
  /** The id of the chosen object in this tileset. */
  readonly selected: string | null;
  readonly column: string;
  /** Empty: no data colours; all but the chosen object stays paper. */
  readonly classes: readonly StyleClass[];
  /** How opaque all but the chosen object is; left out or 1 is whole. */
  readonly opacity?: number;
}

export interface StyleText {
  readonly color: { readonly conditions: readonly (readonly [string, string])[] };
}

/** A name that may stand in `${feature["…"]}`; anything else is no column of ours. */
const COLUMN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Conditions in the order in which they count: the chosen one, unknown, the classes, the rest. */
export function styleText(input: StyleInput): StyleText | undefined {
  const coloured = input.classes.length > 0 && COLUMN.test(input.column);
  const opacity = input.opacity ?? 1;
  if (!coloured && input.selected === null && opacity === 1) return undefined;
  const paint = (colour: string) => painted(colour, opacity);
  const conditions: (readonly [string, string])[] = [];
  if (input.selected !== null) {
    const colour = coloured ? SELECTED : SELECTED_IN_SCENE;
    conditions.push([`${property("id")} === ${quoted(input.selected)}`, painted(colour, 1)]);
  }
  if (coloured) {
    const value = property(input.column);
    conditions.push([`${value} === undefined`, paint(UNKNOWN_COLOUR)]);
    conditions.push([`${value} === null`, paint(UNKNOWN_COLOUR)]);
    for (const one of input.classes) conditions.push([condition(value, one), paint(one.colour)]);
    conditions.push(["true", paint(UNKNOWN_COLOUR)]);
  } else {
    conditions.push(["true", paint("#ffffff")]);
  }
  return { color: { conditions } };
}

function condition(value: string, one: StyleClass): string {
  if (one.value !== null && one.value !== undefined) return `${value} === ${quoted(one.value)}`;
  const parts: string[] = [];
  if (one.lower !== null && one.lower !== undefined) parts.push(`${value} >= ${Number(one.lower)}`);
  if (one.upper !== null && one.upper !== undefined) parts.push(`${value} < ${Number(one.upper)}`);
  return parts.length > 0 ? parts.join(" && ") : "true";
}

function property(name: string): string {
  return `\${feature['${name}']}`;
}

/** A text of the language. It knows no escapes that are safe, so what cannot be an id is dropped. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['"\\${}\n\r]/g, "")}'`;
}

function painted(colour: string, opacity: number): string {
  const sure = /^#[0-9a-fA-F]{3,8}$/.test(colour) ? colour : UNKNOWN_COLOUR;
  return opacity === 1 ? `color('${sure}')` : `color('${sure}', ${opacity})`;
}

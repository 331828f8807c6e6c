/** The styling language of 3D Tiles for our legends, filters and selection. Plain text, no engine needed. */

import type { StyleClass } from "../../api/shapes";
import { UNKNOWN_COLOUR } from "../../drawing/legend";
import { SELECTED, SELECTED_IN_SCENE } from "../../drawing/palette";
import type { Condition } from "../../state/conditions";

export interface StyleInput {
  /** The id of the chosen object in this tileset. */
  readonly selected: string | null;
  readonly column: string;
  /** Empty: no data colours; all but the chosen object stays paper. */
  readonly classes: readonly StyleClass[];
  /** How opaque all but the chosen object is; left out or 1 is whole. */
  readonly opacity?: number;
  /** Only objects for which all of these hold are shown. */
  readonly where?: readonly Condition[];
  /** Columns in which several values stand behind each other. */
  readonly listed?: ReadonlySet<string>;
}

export interface StyleText {
  readonly color?: { readonly conditions: readonly (readonly [string, string])[] };
  readonly show?: string;
}

/** A name that may stand in `${feature["…"]}`; anything else is no column of ours. */
const COLUMN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export function styleText(input: StyleInput): StyleText | undefined {
  const conditions = colours(input);
  const show = (input.where ?? [])
    .filter((one) => COLUMN.test(one.column))
    .map((one) => `(${shown(one, input.listed)})`)
    .join(" && ");
  if (conditions === null && show === "") return undefined;
  return { ...(conditions === null ? {} : { color: { conditions } }), ...(show === "" ? {} : { show }) };
}

/** In the order in which they count: the chosen one, unknown, the classes, the rest. */
function colours(input: StyleInput): readonly (readonly [string, string])[] | null {
  const coloured = input.classes.length > 0 && COLUMN.test(input.column);
  const opacity = input.opacity ?? 1;
  if (!coloured && input.selected === null && opacity === 1) return null;
  const paint = (colour: string) => painted(colour, opacity);
  const conditions: (readonly [string, string])[] = [];
  if (input.selected !== null) {
    const colour = coloured ? SELECTED : SELECTED_IN_SCENE;
    conditions.push([`${property("id")} === ${quoted(input.selected)}`, painted(colour, 1)]);
  }
  if (coloured) {
    const value = property(input.column);
    const several = input.listed?.has(input.column) ?? false;
    conditions.push([`${value} === undefined`, paint(UNKNOWN_COLOUR)]);
    conditions.push([`${value} === null`, paint(UNKNOWN_COLOUR)]);
    for (const one of input.classes) conditions.push([inClass(value, one, several), paint(one.colour)]);
    conditions.push(["true", paint(UNKNOWN_COLOUR)]);
  } else {
    conditions.push(["true", paint("#ffffff")]);
  }
  return conditions;
}

function inClass(value: string, one: StyleClass, several: boolean): string {
  if (one.value !== null && one.value !== undefined) return is(value, one.value, several);
  return between(value, one.lower, one.upper, "<");
}

/** A condition of a filter. Comparing what is not there with a number would stop the whole style. */
function shown(one: Condition, listed: ReadonlySet<string> | undefined): string {
  const value = property(one.column);
  const known = `${value} !== undefined && ${value} !== null && ${value} !== ''`;
  const passes =
    one.values === undefined
      ? between(value, one.from, one.to, "<=")
      : one.values.map((text) => is(value, text, listed?.has(one.column) ?? false)).join(" || ") || "false";
  const nothing = one.values === undefined && one.from === undefined && one.to === undefined;
  const holds = nothing ? "false" : `(${known} && (${passes}))`;
  return one.unknown === true ? `${holds} || !(${known})` : holds;
}

function between(
  value: string,
  lower: number | null | undefined,
  upper: number | null | undefined,
  below: "<" | "<=",
): string {
  const parts: string[] = [];
  if (lower !== null && lower !== undefined) parts.push(`${value} >= ${Number(lower)}`);
  if (upper !== null && upper !== undefined) parts.push(`${value} ${below} ${Number(upper)}`);
  return parts.length > 0 ? parts.join(" && ") : "true";
}

/** Flags are 0 and 1 in a tile, and of a list all values stand in one text. */
function is(value: string, text: string, several: boolean): string {
  if (several) return `regExp(${pattern(text)}).test(${value})`;
  const plain = `${value} === ${quoted(text)}`;
  if (text === "true" || text === "false") return `(${plain} || ${value} === ${text === "true" ? 1 : 0})`;
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? `(${plain} || ${value} === ${number})` : plain;
}

function pattern(text: string): string {
  return `'(^|, )${cleaned(text).replaceAll(/[.*+?^()[\]|]/g, (sign) => (sign === "^" ? "." : `[${sign}]`))}(, |$)'`;
}

function property(name: string): string {
  return `\${feature['${name}']}`;
}

/** A text of the language. It knows no escapes that are safe, so what cannot be an id is dropped. */
function quoted(text: string): string {
  return `'${cleaned(text)}'`;
}

function cleaned(text: string): string {
  return text.replaceAll(/['"\\${}\n\r]/g, "");
}

function painted(colour: string, opacity: number): string {
  const sure = /^#[0-9a-fA-F]{3,8}$/.test(colour) ? colour : UNKNOWN_COLOUR;
  return opacity === 1 ? `color('${sure}')` : `color('${sure}', ${opacity})`;
}

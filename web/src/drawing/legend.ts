/** Classes of a legend: which class a value is in, and what the legend says. */

import type { StyleClass } from "../api/shapes";
import { CITY } from "./palette";

/** A class for values that are not known; its colour is the paper of the city. */
export const UNKNOWN_COLOUR = CITY.wall;

/** The number of the class that a value is in, or -1 when it is unknown or outside all classes. */
export function classOf(value: unknown, classes: readonly StyleClass[]): number {
  return classes.findIndex((one) => isIn(value, one));
}

/** A list is in a class when one of its values is. */
function isIn(value: unknown, one: StyleClass): boolean {
  if (Array.isArray(value)) return value.some((item) => isIn(item, one));
  if (value === null || value === undefined || value === "") return false;
  if (one.value !== null && one.value !== undefined) return String(value) === one.value;
  if (isRest(one)) return true;
  const number = Number(value);
  if (typeof value === "boolean" || !Number.isFinite(number)) return false;
  return number >= (one.lower ?? -Infinity) && number < (one.upper ?? Infinity);
}

/** A class without a value and without bounds takes all that the others leave. */
function isRest(one: StyleClass): boolean {
  const none = (bound: unknown) => bound === null || bound === undefined;
  return none(one.value) && none(one.lower) && none(one.upper);
}

export function colourOf(value: unknown, classes: readonly StyleClass[]): string {
  return classes[classOf(value, classes)]?.colour ?? UNKNOWN_COLOUR;
}

/** Whether the classes follow each other as numbers: then the legend is one bar, else a list of keys. */
export function isRamp(classes: readonly StyleClass[]): boolean {
  return classes.every((one) => one.value === null || one.value === undefined);
}

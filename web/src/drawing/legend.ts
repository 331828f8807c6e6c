/** Classes of a legend: which class a value is in, and what the legend says. */

import type { Layer, StyleClass } from "../api/shapes";
import type { ColourChoice } from "../state/screen";
import { CITY } from "./palette";

/** A class for values that are not known; its colour is the paper of the city. */
export const UNKNOWN_COLOUR = CITY.wall;

/** The number of the class that a value is in, or -1 when it is unknown or outside all classes. */
export function classOf(value: unknown, classes: readonly StyleClass[]): number {
  return classes.findIndex((one) => isIn(value, one));
}

function isIn(value: unknown, one: StyleClass): boolean {
  if (value === null || value === undefined || value === "") return false;
  if (one.value !== null && one.value !== undefined) return String(value) === one.value;
  const number = Number(value);
  if (typeof value === "boolean" || !Number.isFinite(number)) return false;
  return number >= (one.lower ?? -Infinity) && number < (one.upper ?? Infinity);
}

export function colourOf(value: unknown, classes: readonly StyleClass[]): string {
  return classes[classOf(value, classes)]?.colour ?? UNKNOWN_COLOUR;
}

/** The classes of a choice, or null when the layer has no legend for that column. */
export function classesOf(
  layers: readonly Layer[],
  choice: ColourChoice | null,
): readonly StyleClass[] | null {
  if (choice === null) return null;
  const classes = layers.find((layer) => layer.id === choice.layer)?.style.classes?.[choice.column];
  return classes !== undefined && classes.length > 0 ? classes : null;
}

/** Whether the classes follow each other as numbers: then the legend is one bar, else a list of keys. */
export function isRamp(classes: readonly StyleClass[]): boolean {
  return classes.every((one) => one.value === null || one.value === undefined);
}

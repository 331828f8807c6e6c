/** Conditions on an attribute in words. */

import type { Column, ColumnSummary, Text } from "../api/shapes";
import type { Condition } from "../state/conditions";
import { unitWords } from "./units";
import type { Words } from "./words";

/** Numbers below this stay as they are when they have no unit: 1850 is a year. */
const PLAIN_BELOW = 10_000;

/** “Bouwjaar: 1900 tot en met 1950 of onbekend”. The labels of categories come from the summary. */
export function conditionWords(
  one: Condition,
  column: Column | undefined,
  summary: ColumnSummary | null,
  words: Words,
): string {
  const { say } = words;
  const parts: string[] = [];
  const from = one.from === undefined ? "" : amountWords(one.from, column, words);
  const to = one.to === undefined ? "" : amountWords(one.to, column, words);
  if (from !== "" && to !== "") parts.push(say("panel.where.between", { from, to }));
  else if (from !== "") parts.push(say("panel.where.from", { from }));
  else if (to !== "") parts.push(say("panel.where.to", { to }));
  for (const value of one.values ?? []) parts.push(valueWords(value, column, summary, words));
  if (one.unknown === true) parts.push(say("panel.unknown"));
  const title = column === undefined ? one.column : words.text(column.title);
  return say("panel.where", { column: title, what: either(parts, words) });
}

/** A number with its unit: “35 m”, “1850”. */
export function amountWords(value: number, column: Column | undefined, words: Words): string {
  const unit = unitWords(column?.unit, words.language);
  const plain = unit === "" && Math.abs(value) < PLAIN_BELOW && Number.isInteger(value);
  const text = plain ? String(value) : words.number(value);
  return unit === "" ? text : `${text}${unit === "°" ? "" : " "}${unit}`;
}

export function valueWords(
  value: string,
  column: Column | undefined,
  summary: ColumnSummary | null,
  words: Words,
): string {
  const label: Text | undefined =
    summary?.values.find((one) => one.value === value)?.label ?? column?.codes?.[value];
  if (label !== undefined) return words.text(label);
  if (value === "true" || value === "false") return words.say(value === "true" ? "card.yes" : "card.no");
  return value;
}

function either(parts: readonly string[], words: Words): string {
  const last = parts.at(-1) ?? "";
  const first = parts.slice(0, -1).join(", ");
  return first === "" ? last : words.say("page.search.or", { first, last });
}

/**
 * Conditions on an attribute, as one text for the address, the API and the pages:
 * `bouwjaar:1900..1950` (both ends included, either may be missing), `gebruik:wonen|winkel`, and `?` among
 * them for values that are not known. Several conditions on a layer all have to hold.
 */

export interface Condition {
  readonly column: string;
  readonly from?: number;
  readonly to?: number;
  /** Any of these. */
  readonly values?: readonly string[];
  /** Values that are not known pass as well. */
  readonly unknown?: boolean;
}

const COLUMN = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
const MOST_VALUES = 50;
const UNKNOWN = "?";

export function writeCondition(one: Condition): string {
  const parts: string[] = [];
  if (one.from !== undefined || one.to !== undefined) parts.push(`${one.from ?? ""}..${one.to ?? ""}`);
  for (const value of one.values ?? []) parts.push(escaped(value));
  if (one.unknown === true) parts.push(UNKNOWN);
  return `${one.column}:${parts.join("|")}`;
}

/** Null for what is no condition. */
export function readCondition(text: string): Condition | null {
  const colon = text.indexOf(":");
  const column = text.slice(0, colon);
  if (colon < 1 || !COLUMN.test(column)) return null;
  const parts = text.slice(colon + 1).split("|");
  if (parts.length > MOST_VALUES || (parts.length === 1 && parts[0] === "")) return null;
  const known = parts.filter((part) => part !== UNKNOWN);
  const unknown = known.length < parts.length ? { unknown: true } : {};
  const range = known.length === 1 ? readRange(known[0] ?? "") : null;
  if (range !== null) return { column, ...range, ...unknown };
  try {
    const values = known.map((part) => decodeURIComponent(part));
    return values.length === 0 ? { column, ...unknown } : { column, values, ...unknown };
  } catch {
    return null;
  }
}

/** Whether a value passes; a list passes when one of its values does. */
export function holds(one: Condition, value: unknown): boolean {
  if (value === null || value === undefined || value === "") return one.unknown === true;
  if (Array.isArray(value)) return value.some((item) => holds(one, item));
  if (one.values !== undefined) return one.values.includes(String(value));
  if (one.from === undefined && one.to === undefined) return false;
  const number = Number(value);
  return Number.isFinite(number) && number >= (one.from ?? -Infinity) && number <= (one.to ?? Infinity);
}

export function allHold(
  conditions: readonly Condition[],
  properties: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every((one) => holds(one, properties[one.column]));
}

function readRange(text: string): { from?: number; to?: number } | null {
  const found = /^(-?\d*\.?\d*)\.\.(-?\d*\.?\d*)$/.exec(text);
  if (found === null) return null;
  const [from, to] = [bound(found[1]), bound(found[2])];
  if (Number.isNaN(from) || Number.isNaN(to) || (from === undefined && to === undefined)) return null;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function bound(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}

/** What has a meaning in a condition is written in percents; a value that looks like a range too. */
function escaped(value: string): string {
  const text = value.replaceAll(/[%|:,?]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return text.replaceAll("..", "%2E%2E");
}

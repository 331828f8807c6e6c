/**
 * The clock of the Netherlands, summer time included, as the text that stands in the address:
 * `2026-06-21T15:00`. Minutes of the day count on that clock.
 */

const ZONE = "Europe/Amsterdam";
const MINUTE_MS = 60_000;

let clock: Intl.DateTimeFormat | null = null;

/** What the clock shows at a moment. */
export function civilTime(when: Date): string {
  clock ??= new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(clock.formatToParts(when).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The moment at which the clock shows this. An hour that is skipped in March counts on in winter time; of
 * one that comes twice in October it is the first.
 */
export function momentOf(civil: string): Date {
  const wanted = Date.parse(`${civil}:00Z`);
  const found = [2, 1].map((hours) => new Date(wanted - hours * 60 * MINUTE_MS));
  return found.find((when) => civilTime(when) === civil) ?? new Date(wanted - 60 * MINUTE_MS);
}

export function dateOf(civil: string): string {
  return civil.slice(0, 10);
}

export function minuteOf(civil: string): number {
  return Number(civil.slice(11, 13)) * 60 + Number(civil.slice(14, 16));
}

/** A date and a minute of its day. */
export function civilOf(date: string, minute: number): string {
  return `${date}T${clockText(minute, 2)}`;
}

/** `5:18`, or `05:18` with two digits for the hour. */
export function clockText(minute: number, digits: 1 | 2 = 1): string {
  const within = Math.min(1439, Math.max(0, Math.round(minute)));
  const hour = String(Math.floor(within / 60)).padStart(digits, "0");
  return `${hour}:${String(within % 60).padStart(2, "0")}`;
}

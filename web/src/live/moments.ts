/** The last week in hours, and what time that is by the clock of a recording. */

import { writeMoment } from "../state/live";

const HOUR_MS = 3_600_000;
/** How far back the bar goes. */
export const HOURS = 7 * 24;

/** The hours ago that a moment is; 0 is now. Not rounded away from now: what is asked for stays asked for. */
export function hoursAgo(moment: string | null, now: number): number {
  return moment === null ? 0 : Math.max(1, Math.round((floorHour(now) - Date.parse(moment)) / HOUR_MS) + 1);
}

/** The whole hour so many steps back: 1 is the hour that began last. Null for 0, which is now. */
export function momentAgo(hours: number, now: number): string | null {
  return hours <= 0 ? null : writeMoment(floorHour(now) - (hours - 1) * HOUR_MS);
}

/** The same moment by a clock that is so far behind. */
export function byClock(moment: string, behindMs: number): string {
  return writeMoment(Date.parse(moment) - behindMs);
}

function floorHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

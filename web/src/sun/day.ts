/** A day with the sun: when it comes up and goes down, and what one says of it. */

import { civilOf, civilTime, dateOf, minuteOf, momentOf } from "./civil-time";
import { type SunPosition, sunAt } from "./position";

/** The upper rim touches the horizon: half the sun's disc and the usual refraction. */
const RISES_DEG = -0.833;
const STEP_MINUTES = 10;

/** Minutes of the day on the clock; null on a day without that moment. */
export interface SunDay {
  readonly rise: number | null;
  readonly set: number | null;
}

export interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** The eight winds, clockwise from north. */
export const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
export type Wind = (typeof WINDS)[number];

export function sunOf(civil: string, { lon, lat }: Place): SunPosition {
  return sunAt(momentOf(civil), lon, lat);
}

/** `date` as `2026-06-21`. */
export function sunDay(date: string, place: Place): SunDay {
  const height = (minute: number) => sunOf(civilOf(date, minute), place).heightDeg - RISES_DEG;
  let rise: number | null = null;
  let set: number | null = null;
  for (let minute = 0; minute < 1440 - STEP_MINUTES; minute += STEP_MINUTES) {
    const up = height(minute) < 0 && height(minute + STEP_MINUTES) >= 0;
    const down = height(minute) >= 0 && height(minute + STEP_MINUTES) < 0;
    if (up) rise ??= crossing(height, minute, minute + STEP_MINUTES);
    if (down) set = crossing(height, minute, minute + STEP_MINUTES);
  }
  return { rise, set };
}

/** Whether there is light to cast a shadow. */
export function isDay({ heightDeg }: SunPosition): boolean {
  return heightDeg > 0;
}

export function windOf(azimuthDeg: number): Wind {
  return WINDS[Math.round(azimuthDeg / 45) % 8] ?? "n";
}

/** The sun of now, or of three in the afternoon today when it is dark. */
export function firstSun(now: Date, place: Place): string {
  const civil = civilTime(now);
  return isDay(sunOf(civil, place)) ? civil : civilOf(dateOf(civil), 15 * 60);
}

/** The same time on another day, or as near to it as the sun is up. */
export function onDate(civil: string, date: string, place: Place): string {
  const { rise, set } = sunDay(date, place);
  const minute = minuteOf(civil);
  if (rise === null || set === null) return civilOf(date, minute);
  return civilOf(date, Math.min(Math.floor(set), Math.max(Math.ceil(rise), minute)));
}

/** The whole minute nearest to where the height passes zero. */
function crossing(height: (minute: number) => number, from: number, to: number): number {
  let best = from;
  for (let minute = from; minute <= to; minute += 1) {
    if (Math.abs(height(minute)) < Math.abs(height(best))) best = minute;
  }
  return best;
}

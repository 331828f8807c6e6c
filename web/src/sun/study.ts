/** Twelve moments of the sun, for twelve pictures of one view. */

import { civilOf, dateOf, minuteOf } from "./civil-time";
import { type Place, sunDay } from "./day";

export const STUDY_KINDS = ["day", "year"] as const;
export type StudyKind = (typeof STUDY_KINDS)[number];

const PICTURES = 12;
const WHOLE_MINUTES = 15;
/** The day at which the seasons turn. */
const DAY_OF_MONTH = 21;

/** Over the day from sunrise to sunset, at whole quarters; or the 21st of each month at the same time. */
export function studyMoments(kind: StudyKind, sun: string, place: Place): readonly string[] {
  const numbers = Array.from({ length: PICTURES }, (_, n) => n);
  const date = dateOf(sun);
  if (kind === "year") {
    return numbers.map((n) => {
      const month = String(n + 1).padStart(2, "0");
      return civilOf(`${date.slice(0, 4)}-${month}-${DAY_OF_MONTH}`, minuteOf(sun));
    });
  }
  const { rise, set } = sunDay(date, place);
  const [first, last] = [(rise ?? 0) + WHOLE_MINUTES, (set ?? 1439) - WHOLE_MINUTES];
  return numbers.map((n) => {
    const minute = first + ((last - first) * n) / (PICTURES - 1);
    return civilOf(date, Math.round(minute / WHOLE_MINUTES) * WHOLE_MINUTES);
  });
}

/** What one says of the sun. */

import { clockText, dateOf, minuteOf } from "../sun/civil-time";
import { isDay, type Place, sunOf, windOf } from "../sun/day";
import type { Words } from "../words/words";

/** "De zon staat 38 graden hoog in het zuidwesten.", or that it is night. */
export function sunSentence({ say }: Words, sun: string, place: Place): string {
  const position = sunOf(sun, place);
  if (!isDay(position)) return say("map.sun.night");
  const wind = say(`map.sun.wind.${windOf(position.azimuthDeg)}`);
  const height = Math.round(position.heightDeg);
  return height < 2 ? say("map.sun.low", { wind }) : say("map.sun.says", { height, wind });
}

/** "21 juni, 9:00". */
export function sunMoment(words: Words, sun: string): string {
  const day = words.date(dateOf(sun)).replace(/ \d{4}$/, "");
  return words.say("map.sun.moment", { day, time: clockText(minuteOf(sun)) });
}

/** Ages on a card that the server wrote go on counting too, until the card is fetched again. */

import type { Words } from "../words/words";
import { ageWords } from "./words";

const counted = new WeakMap<Element, string>();

/**
 * Writes the age of today in every `<time>` whose words are an age by our own clock. Words that are something
 * else (a date, an age by the clock of a recording) stay as they are.
 */
export function countAges(root: ParentNode, words: Words, now: number, loaded: number): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>("tw-fragment time[datetime]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    const text = time.textContent?.trim() ?? "";
    const isAge = counted.get(time) === text || isAgeOf(text, at, words, loaded, now);
    if (!isAge) continue;
    const age = ageWords(words.say, (now - at) / 1000);
    counted.set(time, age);
    if (age !== text) time.textContent = age;
  }
}

/** The server wrote it some time after the page was loaded, and up to now. */
function isAgeOf(text: string, at: number, words: Words, loaded: number, now: number): boolean {
  for (let moment = now; moment >= loaded - 60_000; moment -= 30_000) {
    if (ageWords(words.say, (moment - at) / 1000) === text) return true;
    if (now - moment > 600_000) return false;
  }
  return false;
}

/** What is said of a reader's own file, in the words of the catalogue. */

import type { Words } from "../words/words";
import type { Facts, OwnError } from "./own-error";
import type { LeftOut, Note } from "./own-layer";

type Speaker = Pick<Words, "say" | "number">;

/** One sentence that says why the file is not shown, and what to do. */
export function refusalInWords(error: OwnError, words: Speaker): string {
  return words.say(`own.error.${error.reason}`, spoken(error.facts, words));
}

/** "12 zonder plaats". */
export function leftInWords(left: LeftOut, words: Speaker): string {
  return words.say(`own.left.${left.reason}`, { count: words.number(left.count) });
}

export function noteInWords(note: Note, words: Speaker): string {
  return words.say(`own.note.${note.code}`, spoken(note.facts, words));
}

function spoken(facts: Facts, words: Speaker): Record<string, string> {
  const entries = Object.entries(facts);
  return Object.fromEntries(
    entries.map(([name, fact]) => [name, typeof fact === "number" ? words.number(fact) : fact]),
  );
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import en from "../../../tweestad/i18n/en.json";
import nl from "../../../tweestad/i18n/nl.json";
import { LIMITS } from "../../src/own/limits";
import { OwnError, REASONS } from "../../src/own/own-error";
import { LEFT_REASONS, NOTES } from "../../src/own/own-layer";
import { leftInWords, noteInWords, refusalInWords } from "../../src/own/own-words";
import { Words } from "../../src/words/words";

const SOURCE = join(import.meta.dirname, "../../src/own");
const text = readdirSync(SOURCE)
  .map((name) => readFileSync(join(SOURCE, name), "utf8"))
  .join("\n");
const placesIn = (message: string | undefined) =>
  [...(message ?? "").matchAll(/\{\w+\}/g)].map(String).sort();

const KEYS = [
  ...REASONS.map((reason) => `own.error.${reason}`),
  ...LEFT_REASONS.map((reason) => `own.left.${reason}`),
  ...NOTES.map((code) => `own.note.${code}`),
];

describe.each([
  ["Dutch", nl as Record<string, string>],
  ["English", en as Record<string, string>],
])("in %s", (_, messages) => {
  test("every reason and note has a sentence, and no sentence is left over", () => {
    const ours = Object.keys(messages).filter((key) => /^own\.(?:error|left|note)\./.test(key));
    expect(ours.sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) expect(messages[key]?.trim(), key).toBeTruthy();
  });
});

test("both languages fill in the same facts", () => {
  for (const key of KEYS) {
    const [dutch, english] = [nl, en].map((messages) => placesIn((messages as Record<string, string>)[key]));
    expect(dutch, key).toEqual(english);
  }
});

test("every reason and note is given somewhere", () => {
  const lists = /export const (?:REASONS|LEFT_REASONS|NOTES) = \[[^\]]*\]/g;
  const used = text.replaceAll(lists, "");
  const unused = [...REASONS, ...LEFT_REASONS, ...NOTES].filter((code) => !used.includes(`"${code}"`));
  expect(unused).toEqual([]);
});

test("limits in a sentence are the limits in force", () => {
  expect(nl["own.note.text-cut"]).toContain(LIMITS.textLength.toLocaleString("nl-NL"));
  expect(nl["own.note.columns-left-out"]).toContain(String(LIMITS.columns));
});

test("facts are filled in as a person writes them, and are never taken for a place to fill in", () => {
  const words = new Words("nl", nl);
  expect(refusalInWords(new OwnError("cityjson-vertices", { limit: 1_000_000 }), words)).toContain(
    "1.000.000",
  );
  expect(refusalInWords(new OwnError("crs", { crs: "{name}" }), words)).toContain("‘{name}’");
  expect(leftInWords({ reason: "no-geometry", count: 1234 }, words)).toBe("1.234 zonder vorm");
  expect(noteInWords({ code: "rd-accuracy", facts: {} }, words)).toContain("tot op een halve meter");
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "../../tweestad/i18n/en.json";
import nl from "../../tweestad/i18n/nl.json";

const SOURCE = join(import.meta.dirname, "../src");
const text = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(SOURCE, name), "utf8"))
  .join("\n");
const OURS = /^(home|map|panel|sheet)\./;

test("both languages have the same words", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(nl).sort());
});

test("every word that the screen says is in the catalogue", () => {
  const said = [...text.matchAll(/"((?:home|map|panel|sheet)\.[a-z0-9.-]+)"/g)].map(
    (match) => match[1] as string,
  );
  expect(said.length).toBeGreaterThan(40);
  expect(said.filter((key) => !(key in nl))).toEqual([]);
});

test("no word of the screen is left over", () => {
  const made = [...text.matchAll(/`((?:home|map|panel|sheet)\.[a-z.]*)\$\{[^}]*\}([a-z.]*)`/g)];
  const patterns = made.map(
    (match) => new RegExp(`^${match[1]?.replaceAll(".", "\\.")}[a-z-]+${match[2]?.replaceAll(".", "\\.")}$`),
  );
  const unused = Object.keys(nl).filter(
    (key) => OURS.test(key) && !text.includes(`"${key}"`) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

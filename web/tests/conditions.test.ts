import { describe, expect, test } from "vitest";
import { styleText } from "../src/scene/cesium/style";
import { allHold, type Condition, holds, readCondition, writeCondition } from "../src/state/conditions";
import { withLook } from "../src/state/looks";

describe("a condition as text", () => {
  test.each<[Condition, string]>([
    [{ column: "bouwjaar", from: 1900, to: 1950 }, "bouwjaar:1900..1950"],
    [{ column: "bouwjaar", from: 1900 }, "bouwjaar:1900.."],
    [{ column: "hoogte_m", to: -1.5, unknown: true }, "hoogte_m:..-1.5|?"],
    [{ column: "soort", values: ["wonen", "winkel"] }, "soort:wonen|winkel"],
    [{ column: "soort", unknown: true }, "soort:?"],
    [{ column: "naam", values: ["1900..1950"] }, "naam:1900%2E%2E1950"],
    [{ column: "naam", values: ["a|b:c,d?e%f"] }, "naam:a%7Cb%3Ac%2Cd%3Fe%25f"],
  ])("%j is written %s and read back", (condition, text) => {
    expect(writeCondition(condition)).toBe(text);
    expect(readCondition(text)).toEqual(condition);
  });

  test.each([
    "",
    "bouwjaar",
    ":1900..",
    "bouwjaar:",
    "a b:1",
    "naam:%E0%A4%A",
    `n:${"a|".repeat(60)}`,
  ])("‘%s’ is no condition", (text) => expect(readCondition(text)).toBeNull());
});

describe("what passes", () => {
  test("both ends of a range are included and what is not known passes only when asked for", () => {
    const years = { column: "bouwjaar", from: 1900, to: 1950 };
    expect([1899, 1900, 1950, 1951, null, undefined, "", "x"].map((value) => holds(years, value))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(holds({ ...years, unknown: true }, null)).toBe(true);
  });

  test("a list passes when one of its values does", () => {
    const living = { column: "gebruik", values: ["wonen"] };
    expect(holds(living, ["winkel", "wonen"])).toBe(true);
    expect(holds(living, ["winkel"])).toBe(false);
  });

  test("all conditions have to hold", () => {
    const conditions = [
      { column: "a", from: 1 },
      { column: "b", values: ["true"] },
    ];
    expect(allHold(conditions, { a: 2, b: true })).toBe(true);
    expect(allHold(conditions, { a: 2, b: false })).toBe(false);
  });
});

describe("conditions in the style of 3D tiles", () => {
  const show = (where: readonly Condition[], listed = new Set<string>()) =>
    styleText({ selected: null, column: "", classes: [], where, listed })?.show;

  test("a value that is not there is never compared with a number", () => {
    expect(show([{ column: "jaar", from: 1900 }])).toBe(
      "((${feature['jaar']} !== undefined && ${feature['jaar']} !== null && ${feature['jaar']} !== '' " +
        "&& (${feature['jaar']} >= 1900)))",
    );
  });

  test("flags and numbers in a tile are found by their text", () => {
    expect(show([{ column: "geldig", values: ["true"] }])).toContain("${feature['geldig']} === 1");
    expect(show([{ column: "lagen", values: ["3"] }])).toContain("${feature['lagen']} === 3");
  });

  test("in a list the value is looked for between the commas", () => {
    expect(show([{ column: "gebruik", values: ["wonen (zorg)"] }], new Set(["gebruik"]))).toContain(
      "regExp('(^|, )wonen [(]zorg[)](, |$)').test(${feature['gebruik']})",
    );
  });

  test("no text breaks out of the expression", () => {
    const text = show([{ column: "naam", values: ["x' || true || '", "\\'"] }]) ?? "";
    expect(text.split("'").length % 2).toBe(1);
    expect(text).not.toContain("\\");
    expect(show([{ column: "a'] || true", values: ["x"] }])).toBeUndefined();
  });
});

test("the look of a layer goes when nothing of it is left", () => {
  const one = withLook({}, "water", { opacity: 0.5, where: [{ column: "soort", unknown: true }] });
  expect(withLook(withLook(one, "water", { opacity: undefined }), "water", { where: [] })).toEqual({});
});

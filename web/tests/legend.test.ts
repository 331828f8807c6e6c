import { describe, expect, test } from "vitest";
import type { ColumnSummary, Layer, StyleClass } from "../src/api/shapes";
import { classOf, colourOf, isRamp, UNKNOWN_COLOUR } from "../src/drawing/legend";
import { styleText } from "../src/scene/cesium/style";
import { Legends } from "../src/state/legends";

const label = { nl: "x" };
const YEARS: readonly StyleClass[] = [
  { colour: "#41568c", label, upper: 1850 },
  { colour: "#66759c", label, lower: 1850, upper: 1900 },
  { colour: "#f6e27a", label, lower: 1900 },
];
const KINDS: readonly StyleClass[] = [
  { colour: "#111111", label, value: "gracht" },
  { colour: "#222222", label, value: "plas" },
];

describe("classes of a legend", () => {
  test("a class holds its lower and not its upper bound", () => {
    expect([1849, 1850, 1899.5, 1900, 2026].map((year) => classOf(year, YEARS))).toEqual([0, 1, 1, 2, 2]);
  });

  test.each([
    null,
    undefined,
    "",
    "onbekend",
    Number.NaN,
    true,
  ])("%s is unknown, not the first class", (value) => {
    expect(classOf(value, YEARS)).toBe(-1);
    expect(colourOf(value, YEARS)).toBe(UNKNOWN_COLOUR);
  });

  test("a code is found by its value", () => {
    expect(classOf("plas", KINDS)).toBe(1);
    expect(classOf("zee", KINDS)).toBe(-1);
  });

  test("years are drawn as one bar and codes as keys", () => {
    expect(isRamp(YEARS)).toBe(true);
    expect(isRamp(KINDS)).toBe(false);
  });

  test("a list of values is in the class of the first that has one", () => {
    expect(classOf(["zee", "plas"], KINDS)).toBe(1);
    expect(classOf([], KINDS)).toBe(-1);
  });
});

describe("where the classes come from", () => {
  const columns = [{ name: "bouwjaar" }, { name: "hoogte" }];
  const layer = {
    id: "gebouwen",
    columns,
    style: { role: "building", classes: { bouwjaar: YEARS } },
  } as unknown as Layer;
  const summary = { classes: KINDS } as unknown as ColumnSummary;

  test("the twin's own classes are there at once and the server is not asked", () => {
    const legends = new Legends([layer], () => Promise.reject(new Error("asked")));
    expect(legends.classes({ layer: "gebouwen", column: "bouwjaar" })).toBe(YEARS);
  });

  test("other columns are asked for once, and who listens hears of it", async () => {
    let asked = 0;
    const legends = new Legends([layer], () => {
      asked += 1;
      return Promise.resolve(summary);
    });
    const heard = new Promise<void>((resolve) => legends.subscribe(resolve));
    const choice = { layer: "gebouwen", column: "hoogte" };
    expect(legends.classes(choice)).toBeNull();
    expect(legends.classes(choice)).toBeNull();
    await heard;
    expect(legends.classes(choice)).toBe(KINDS);
    expect(asked).toBe(1);
  });

  test("a column that the layer has not is not asked for", () => {
    const legends = new Legends([layer], () => Promise.reject(new Error("asked")));
    expect(legends.classes({ layer: "gebouwen", column: "__proto__" })).toBeNull();
    expect(legends.classes({ layer: "water", column: "hoogte" })).toBeNull();
    expect(legends.failed({ layer: "gebouwen", column: "__proto__" })).toBe(false);
  });

  test("a column that the server cannot give is known to have failed", async () => {
    const legends = new Legends([layer], () => Promise.reject(new Error("down")));
    const heard = new Promise<void>((resolve) => legends.subscribe(resolve));
    const choice = { layer: "gebouwen", column: "hoogte" };
    legends.classes(choice);
    await heard;
    expect(legends.classes(choice)).toBeNull();
    expect(legends.failed(choice)).toBe(true);
  });
});

describe("the colour expression for 3D Tiles", () => {
  test("nothing chosen and no colours leaves the paper as it is", () => {
    expect(styleText({ selected: null, column: "", classes: [] })).toBeUndefined();
  });

  test("the chosen object comes first, unknown before the classes, and something always matches", () => {
    const text = styleText({ selected: "NL.IMBAG.Pand.1", column: "bouwjaar", classes: YEARS });
    expect(text?.color?.conditions).toEqual([
      ["${feature['id']} === 'NL.IMBAG.Pand.1'", "color('#c0265f')"],
      ["${feature['bouwjaar']} === undefined", "color('#f1ece4')"],
      ["${feature['bouwjaar']} === null", "color('#f1ece4')"],
      ["${feature['bouwjaar']} < 1850", "color('#41568c')"],
      ["${feature['bouwjaar']} >= 1850 && ${feature['bouwjaar']} < 1900", "color('#66759c')"],
      ["${feature['bouwjaar']} >= 1900", "color('#f6e27a')"],
      ["true", "color('#f1ece4')"],
    ]);
  });

  test("a choice without colours keeps all others white, so that the paper shows", () => {
    const text = styleText({ selected: "a", column: "", classes: [] });
    expect(text?.color?.conditions.at(-1)).toEqual(["true", "color('#ffffff')"]);
  });

  test("codes are compared as text", () => {
    const text = styleText({ selected: null, column: "soort", classes: KINDS });
    expect(text?.color?.conditions[2]).toEqual(["${feature['soort']} === 'gracht'", "color('#111111')"]);
  });

  test("no text of a feature or a layer can break out of the expression", () => {
    const evil = "x' || true || '";
    const classes = [{ colour: "red');alert('", label, value: evil }];
    const text = JSON.stringify(styleText({ selected: evil, column: "soort", classes }));
    expect(text).not.toContain("x' ||");
    expect(text).not.toContain("alert");
    expect(styleText({ selected: null, column: "a'] + ['b", classes: YEARS })).toBeUndefined();
  });
});

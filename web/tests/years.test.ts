import { expect, test } from "vitest";
import type { ColumnSummary, Layer } from "../src/api/shapes";
import { isShown } from "../src/drawing/known";
import { FIRST_SCREEN } from "../src/state/screen";
import { firstSwipe, sidesOf } from "../src/state/swipes";
import { keptConditions, tableConditions } from "../src/state/table-conditions";
import { RUN_MS, stepOf, stepped, tickOf, yearConditions, yearSpan } from "../src/state/years";

function layer(id: string, time: Layer["time"], more: object = {}): Layer {
  return { id, time, columns: [], style: { role: "building" }, ...more } as unknown as Layer;
}

const BUILT = { from: "bouwjaar", until: "", planned: false };
const HOUSES = layer("gebouwen", BUILT, { columns: [{ name: "bouwjaar", missing: [1005] }] });
const PLANS = layer("plannen", { from: "start", until: "einde", planned: true });
const WATER = layer("water", null);
const LAYERS = [HOUSES, PLANS, WATER];

const SUMMARIES: Readonly<Record<string, Partial<ColumnSummary>>> = {
  "gebouwen:bouwjaar": {
    lowest: 1617,
    highest: 2019,
    missing: 39,
    histogram: [{ lower: 1617, upper: 1650, count: 4 }],
  },
  "plannen:start": {
    lowest: 2026,
    highest: 2031,
    missing: 2,
    histogram: [{ lower: 2026, upper: 2031, count: 6 }],
  },
  "plannen:einde": { lowest: 2028, highest: 2035, missing: 0, histogram: [] },
};
const LEGENDS = {
  summary: ({ layer, column }: { layer: string; column: string }) =>
    (SUMMARIES[`${layer}:${column}`] ?? null) as ColumnSummary | null,
  failed: () => false,
};
const span = (shown: readonly string[], legends = LEGENDS) => yearSpan(LAYERS, shown, legends, 2026);

test("an object is there from its first year until its last, both included", () => {
  expect(yearConditions(HOUSES, 1930)).toEqual([{ column: "bouwjaar", to: 1930 }]);
  expect(yearConditions(PLANS, 2030)).toEqual([
    { column: "start", to: 2030 },
    { column: "einde", from: 2030, unknown: true },
  ]);
  expect(yearConditions(WATER, 1930)).toEqual([]);
  expect(yearConditions(HOUSES, null)).toEqual([]);
});

test("a year that means unknown at the source stays off the map", () => {
  const where = yearConditions(HOUSES, 1930);
  expect([1900, 1930, 1931, 1005, null].map((bouwjaar) => isShown(HOUSES, where, { bouwjaar }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("the bar goes from the first decade to now, or to the last plan that is on", () => {
  expect(span(["gebouwen", "water"])).toMatchObject({ first: 1610, last: 2026 });
  expect(span(["gebouwen", "plannen"])).toMatchObject({ first: 1610, last: 2035 });
  expect(span(["water"])).toBeNull();
});

test("the bar counts the objects of which no year is known, by layer", () => {
  const found = span(["gebouwen", "plannen"])?.layers.map(({ layer: { id }, unknown }) => [id, unknown]);
  expect(found).toEqual([
    ["gebouwen", 39],
    ["plannen", 2],
  ]);
});

test("without counts the classes of the legend say how far the bar goes, but not while they may come", () => {
  const classes = {
    bouwjaar: [
      { colour: "#000000", label: { nl: "" }, upper: 1850 },
      { colour: "#000000", label: { nl: "" }, lower: 1850, upper: 1900 },
    ],
  };
  const aged = layer("gebouwen", BUILT, { style: { role: "building", classes } });
  const span = (failed: boolean) =>
    yearSpan([aged], ["gebouwen"], { summary: () => null, failed: () => failed }, 2026);
  expect(span(false)).toBeNull();
  expect(span(true)).toMatchObject({
    first: 1850,
    last: 2026,
  });
});

test("a run takes about twenty seconds in whole steps", () => {
  for (const [years, step] of [
    [{ first: 1610, last: 2026 }, 10],
    [{ first: 1880, last: 2026 }, 5],
    [{ first: 2020, last: 2040 }, 1],
  ] as const) {
    expect(stepOf(years)).toBe(step);
    const run = tickOf(years) * ((years.last - years.first) / step);
    expect(run).toBeGreaterThan(0.9 * RUN_MS);
    expect(run).toBeLessThan(1.1 * RUN_MS);
  }
});

test("steps land on whole decades and stay on the bar", () => {
  const years = { first: 1610, last: 2026 };
  expect(stepped(years, 1933, 1)).toBe(1940);
  expect(stepped(years, 1933, -1)).toBe(1930);
  expect(stepped(years, null, -1)).toBe(2020);
  expect(stepped(years, null, 1)).toBe(2026);
  expect(stepped(years, 1612, -1)).toBe(1610);
});

test("one compares with another year first, and with layers where no years are known", () => {
  const years = { first: 1610, last: 2026, bars: [], layers: [] };
  expect(firstSwipe(FIRST_SCREEN, LAYERS, ["gebouwen"], years, 0.5)).toMatchObject({
    year: 1820,
    layers: null,
  });
  const then = { ...FIRST_SCREEN, year: 1900 };
  expect(firstSwipe(then, LAYERS, ["gebouwen"], years, 0.5).year).toBe(2026);
  expect(firstSwipe(FIRST_SCREEN, LAYERS, ["water"], null, 0.5).layers).toEqual(["water", "gebouwen"]);
});

test("the sides are told by what they differ in", () => {
  const swipe = { at: 0.5, layers: ["gebouwen"], year: null };
  const sides = sidesOf(FIRST_SCREEN, swipe, LAYERS, ["gebouwen", "water"]);
  expect(sides.year).toBeNull();
  expect(sides.onlyLeft).toEqual([WATER]);
  expect(sides.onlyRight).toEqual([]);
  expect(sidesOf(FIRST_SCREEN, { ...swipe, year: 1900 }, LAYERS, []).year).toEqual({
    left: null,
    right: 1900,
  });
});

test("the table has the conditions of the map, and what is taken away there goes from the map", () => {
  const where = [{ column: "hoogte_m", from: 10 }];
  const screen = { ...FIRST_SCREEN, year: 1930, looks: { gebouwen: { where } } };
  expect(tableConditions(screen, HOUSES)).toEqual(["hoogte_m:10..", "bouwjaar:..1930"]);
  expect(keptConditions(screen, HOUSES, ["hoogte_m:10..", "bouwjaar:..1930"])).toEqual({});
  expect(keptConditions(screen, HOUSES, ["hoogte_m:10.."])).toEqual({ year: null });
  expect(keptConditions(screen, HOUSES, ["bouwjaar:..1930"])).toEqual({ looks: {} });
});

import { expect, test } from "vitest";
import nl from "../../../tweestad/i18n/nl.json";
import { ageOf, isStale } from "../../src/live/ages";
import { classLooks } from "../../src/live/class-colours";
import { countAges } from "../../src/live/counting-ages";
import type { LayerValues } from "../../src/live/feed";
import { showingOf } from "../../src/live/layers";
import { LiveMarks } from "../../src/live/marks";
import { byClock, HOURS, hoursAgo, momentAgo } from "../../src/live/moments";
import type { LiveFeature, LiveLayer } from "../../src/live/shapes";
import { boxAround, viewBox } from "../../src/live/view-box";
import { marksOfLayer, sourceState } from "../../src/live/words";
import { NO_INSETS } from "../../src/scene/pose";
import { switched } from "../../src/state/live";
import { Words } from "../../src/words/words";
import { feature, layer } from "./samples";

const RECEIVED = 1_000_000;
const words = new Words("nl", nl);
const value = (more: Parameters<typeof feature>[1] = {}) => ({
  feature: feature("a", more),
  received: RECEIVED,
});
const later = (seconds: number) => RECEIVED + seconds * 1000;

test("an age goes on counting while nothing comes in", () => {
  expect(ageOf(value(), later(0), false)).toBe(600);
  expect(ageOf(value(), later(90), false)).toBe(690);
  expect(ageOf(value({ ageS: null }), later(90), false)).toBeNull();
});

test("in a recording time may stand still, so nothing is added", () => {
  expect(ageOf(value(), later(90), true)).toBe(600);
});

test("a value turns stale by itself at its limit, without a word of the server", () => {
  // Measured at 10:00, received ten minutes later, and good until 13:00.
  const left = 3 * 3600 - 600;
  expect(isStale(value(), later(left - 1), layer("lucht"), false)).toBe(false);
  expect(isStale(value(), later(left + 1), layer("lucht"), false)).toBe(true);
  expect(isStale(value({ stale: true }), later(0), layer("lucht"), false)).toBe(true);
});

test("what counts from when it was told holds no longer than the last answer", () => {
  const told = layer("bruggen", { countsFrom: "told", staleAfterS: 600 });
  expect(isStale(value({ expires: null }), later(599), told, false)).toBe(false);
  expect(isStale(value({ expires: null }), later(601), told, false)).toBe(true);
});

test("an age on a card goes on counting, a date and the age of a recording stay as they are", () => {
  const at = Date.parse("2026-11-24T10:00:00Z");
  const loaded = at + 5 * 60_000;
  const time = (textContent: string, dateTime = "2026-11-24T10:00:00Z") => ({ dateTime, textContent });
  const card = [
    time("5 minuten geleden"),
    time("24 november 2026"),
    time("5 minuten geleden", "2024-01-01T00:00:00Z"),
  ];
  const root = { querySelectorAll: () => card } as unknown as ParentNode;
  countAges(root, words, loaded + 10_000, loaded);
  countAges(root, words, loaded + 4 * 60_000, loaded);
  expect(card.map(({ textContent }) => textContent)).toEqual([
    "9 minuten geleden",
    "24 november 2026",
    "5 minuten geleden",
  ]);
});

test("classes at and above the norm have another colour and another form", () => {
  const looks = classLooks(layer("lucht"));
  expect(looks.map(({ above }) => above)).toEqual([false, false, true]);
  expect(new Set(looks.map(({ colour }) => colour)).size).toBe(3);
  expect(classLooks(layer("lucht", { norm: null })).map(({ above }) => above)).toEqual([false, false, false]);
});

function marksOf(
  features: readonly LiveFeature[],
  of: LiveLayer = layer("lucht"),
  chosen: string | null = null,
) {
  const values = new Map(features.map((one) => [one.properties.id, { feature: one, received: RECEIVED }]));
  const there: LayerValues = { values, at: null, state: "there" };
  return (marks = new LiveMarks()) =>
    marks.of([[of, there]], {
      chosen,
      isStale: (layer, value) => isStale(value, later(0), layer, false),
      told: ({ feature }) => feature.properties.text as string,
    });
}

test("a stale value is grey, without its number", () => {
  const [mark] = marksOf([feature("a", { stale: true, text: "geen recente meting", class: null })])();
  expect(mark).toMatchObject({ stale: true, label: "" });
});

test("an unusable or missing value is never shown as one", () => {
  for (const quality of ["fail", "missing"] as const) {
    expect(marksOf([feature("a", { quality, value: null, class: null })])()[0]?.stale).toBe(true);
  }
});

test("above the norm a dot is a diamond, and a suspect value carries its mark", () => {
  const marks = marksOf([feature("a", { class: 2 }), feature("b", { quality: "suspect" })])();
  expect(marks.map(({ form, suspect }) => [form, suspect])).toEqual([
    ["diamond", false],
    ["circle", true],
  ]);
});

test("a stretch of road has its arrow halfway, in the direction of the line", () => {
  const east: LiveFeature = {
    ...feature("weg"),
    geometry: {
      type: "LineString",
      coordinates: [
        [4.9, 52],
        [4.91, 52],
        [4.94, 52],
      ],
    },
  };
  const [mark] = marksOf([east], layer("verkeer", { symbol: "line", norm: null }))();
  expect(mark?.form).toBe("arrow");
  expect(mark?.headingDeg).toBeCloseTo(90);
  expect(mark?.at[0]).toBeCloseTo(4.92);
});

test("what has not changed stays the same object, and the chosen one is drawn last", () => {
  const marks = new LiveMarks();
  const features = [feature("a"), feature("b")];
  const of = layer("lucht");
  const values = new Map(features.map((one) => [one.properties.id, { feature: one, received: RECEIVED }]));
  const draw = (chosen: string | null) =>
    marks.of([[of, { values, at: null, state: "there" as const }]], {
      chosen,
      isStale: () => false,
      told: () => "12",
    });
  const first = draw(null);
  expect(draw(null)).toBe(first);
  const chosen = draw("a");
  expect(chosen.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(chosen[0]).toBe(first[1]);
});

test("hours back are whole hours, and now is now", () => {
  const now = Date.parse("2026-11-24T14:25:00Z");
  expect(momentAgo(0, now)).toBeNull();
  expect(momentAgo(1, now)).toBe("2026-11-24T14:00Z");
  expect(momentAgo(HOURS, now)).toBe("2026-11-17T15:00Z");
  for (const ago of [0, 1, 2, 30, HOURS]) expect(hoursAgo(momentAgo(ago, now), now)).toBe(ago);
  expect(byClock("2026-11-24T14:00Z", 3_600_000)).toBe("2026-11-24T13:00Z");
});

const LOW = { lon: 4.9, lat: 52.37, heading: 30, pitch: -12, distance: 1000 };
const SIZE = { width: 1440, height: 800 };

test("the view towards the horizon is cut where nobody makes out a symbol", () => {
  const [west, south, east, north] = viewBox(LOW, SIZE, NO_INSETS);
  expect(west).toBeLessThan(4.9);
  expect(south).toBeLessThan(52.37);
  // Less than three kilometres.
  expect(north - south).toBeLessThan(0.05);
  expect(east - west).toBeLessThan(0.08);
});

test("a small movement asks for nothing new, a large one and a closer look do", () => {
  const down = { ...LOW, heading: 0, pitch: -90 };
  const first = boxAround(viewBox(down, SIZE, NO_INSETS), null);
  expect(boxAround(viewBox({ ...down, lon: 4.9003 }, SIZE, NO_INSETS), first)).toBe(first);
  expect(boxAround(viewBox({ ...down, lon: 4.93 }, SIZE, NO_INSETS), first)).not.toBe(first);
  expect(boxAround(viewBox({ ...down, distance: 200 }, SIZE, NO_INSETS), first)).not.toBe(first);
});

test("the chosen property is what the legend is about", () => {
  const lucht = layer("lucht");
  expect(showingOf(lucht, [{ layer: "lucht", observed: "no2" }]).observed).toEqual({ nl: "stikstofdioxide" });
  expect(showingOf(lucht, [{ layer: "lucht", observed: "onzin" }])).toBe(lucht);
});

test("a layer says whether it is live, a recording or invented, once each", () => {
  const [source] = layer("lucht").sources;
  if (source === undefined) throw new Error("no source");
  const sources = [source, { ...source, recording: "2026-04-16" }, { ...source, invented: true }, source];
  expect(marksOfLayer(words, layer("lucht", { sources })).map(({ text }) => text)).toEqual([
    "live",
    "opname van 16 april 2026, ter demonstratie",
    "verzonnen",
  ]);
  expect(sourceState(words, source)).toBe("");
  const failing = { ...source, state: "failing" as const, failure: "De server antwoordt niet." };
  expect(sourceState(words, failing)).toBe("Bron is niet te bereiken. De server antwoordt niet.");
});

test("a layer more than a map can show takes the place of the oldest", () => {
  let live = switched([], "laag-0");
  for (let n = 1; n < 9; n += 1) live = switched(live, `laag-${n}`);
  expect(live.map(({ layer }) => layer)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `laag-${n}`));
  expect(switched(live, "laag-3")).toHaveLength(7);
});

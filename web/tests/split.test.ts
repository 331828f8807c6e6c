import { expect, test } from "vitest";
import type { TilesetEntry, TilesetRole } from "../src/api/shapes";
import { isOnEither, splitOf } from "../src/scene/cesium/split";
import { type DrawnLook, PLAIN, type Side } from "../src/scene/engine";
import { sideAt } from "../src/state/shown";

const entry = (role: TilesetRole, layer: string | null = "gebouwen"): TilesetEntry => ({
  id: role,
  role,
  layer,
  url: "",
});
const side = (layers: readonly string[], look?: Partial<DrawnLook>): Side => ({
  layers: new Set(layers),
  looks: new Map(look === undefined ? [] : [["gebouwen", { ...PLAIN, ...look }]]),
});
const IN_1900 = { where: [{ column: "bouwjaar", to: 1900 }] };
const divided = (left: Side, right: Side) => ({ ...left, swipe: { at: 0.5, right } });

test("what is alike on both sides is drawn once", () => {
  expect(splitOf(entry("buildings"), divided(side(["gebouwen"]), side(["gebouwen"]))).where).toBe("whole");
  expect(splitOf(entry("land", null), divided(side([]), side(["gebouwen"]))).where).toBe("whole");
});

test("a layer on one side is drawn on that side", () => {
  expect(splitOf(entry("buildings"), divided(side(["gebouwen"]), side([]))).where).toBe("left");
  expect(splitOf(entry("buildings"), divided(side([]), side(["gebouwen"]))).where).toBe("right");
});

test("what is on neither side is not asked for", () => {
  const metro = entry("tubes", "metro");
  expect(isOnEither(metro, { ...side(["gebouwen"]), swipe: null })).toBe(false);
  expect(isOnEither(metro, divided(side(["gebouwen"]), side([])))).toBe(false);
  expect(isOnEither(metro, divided(side(["gebouwen"]), side(["metro"])))).toBe(true);
  expect(isOnEither(entry("land", null), { ...side([]), swipe: null })).toBe(true);
});

test("two years are drawn twice, houses and the lines on them", () => {
  const years = divided(side(["gebouwen"]), side(["gebouwen"], IN_1900));
  expect(splitOf(entry("buildings"), years).where).toBe("both");
  expect(splitOf(entry("creases"), years).where).toBe("both");
  expect(splitOf(entry("water", "water"), years).where).toBe("whole");
});

test("a point is on the side of the line where it lies", () => {
  const [left, right] = [side(["gebouwen"]), side([])];
  const shown = { ...left, swipe: { at: 0.4, right } } as Parameters<typeof sideAt>[0];
  expect(sideAt(shown, 0.39).layers).toBe(left.layers);
  expect(sideAt(shown, 0.41)).toBe(right);
});

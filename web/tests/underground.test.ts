import { describe, expect, test } from "vitest";
import type { Layer } from "../src/api/shapes";
import { styleText } from "../src/scene/cesium/style";
import { FIRST_SCREEN } from "../src/state/screen";
import { deepened, hasUnderground, turnedUnderground } from "../src/state/underground";

function layer(id: string, kind: string, visible = true): Layer {
  return { id, kind, columns: [], style: { role: "plain", visible } } as unknown as Layer;
}

const LAYERS = [
  layer("gebouwen", "buildings"),
  layer("riool", "tubes", false),
  layer("buurten", "areas", false),
];

describe("going below the ground", () => {
  const below = { ...FIRST_SCREEN, underground: true };

  test("steps are small near the street and larger below, and end at the street and at 60 metres", () => {
    expect(deepened(below, 1)).toEqual({ depthM: 2 });
    expect(deepened({ ...below, depthM: 8 }, 2)).toEqual({ depthM: 15 });
    expect(deepened({ ...below, depthM: 58 }, 1)).toEqual({ depthM: 60 });
    expect(deepened({ ...below, depthM: 1 }, -1)).toEqual({ depthM: 0 });
  });

  test("down and up again ends where it began", () => {
    for (const depthM of [0, 2, 8, 10, 15, 40]) {
      const down = deepened({ ...below, depthM }, 1)?.depthM ?? -1;
      expect(deepened({ ...below, depthM: down }, -1)).toEqual({ depthM });
    }
  });

  test("who does not look below goes nowhere", () => {
    expect(deepened(FIRST_SCREEN, 1)).toBeNull();
  });
});

describe("looking below the ground", () => {
  test("there is nothing to look at without tubes, borings, wells or sewers", () => {
    expect(hasUnderground(LAYERS)).toBe(true);
    const boring = { ...layer("boringen", "points"), columns: [{ name: "diepte", term: "boordiepte" }] };
    expect(hasUnderground([boring as unknown as Layer])).toBe(true);
    expect(hasUnderground(LAYERS.slice(0, 1))).toBe(false);
  });

  test("the tubes come up with it and go down with it, and other layers stay", () => {
    const down = { ...FIRST_SCREEN, ...turnedUnderground(FIRST_SCREEN, LAYERS) };
    expect(down.underground).toBe(true);
    expect(down.layers).toEqual(["gebouwen", "riool"]);
    expect(turnedUnderground(down, LAYERS)).toEqual({
      underground: false,
      depthM: 0,
      layers: ["gebouwen"],
      looks: {},
    });
  });

  test("a colour of the tubes goes with them", () => {
    const looks = { riool: { colour: "leiding" }, gebouwen: { colour: "bouwjaar" } };
    const down = { ...FIRST_SCREEN, underground: true, looks };
    expect(turnedUnderground(down, LAYERS).looks).toEqual({ gebouwen: { colour: "bouwjaar" } });
  });
});

describe("the style of what one sees through", () => {
  test("all but the chosen object is thin", () => {
    const text = styleText({ selected: "a", column: "", classes: [], opacity: 0.25 });
    expect(text?.color?.conditions.map(([, colour]) => colour)).toEqual([
      "color('#c8326b')",
      "color('#ffffff', 0.25)",
    ]);
  });

  test("a whole city without a choice needs no style", () => {
    expect(styleText({ selected: null, column: "", classes: [], opacity: 1 })).toBeUndefined();
  });
});

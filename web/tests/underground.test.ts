import { describe, expect, test } from "vitest";
import type { Layer } from "../src/api/shapes";
import { styleText } from "../src/scene/cesium/style";
import { FIRST_SCREEN } from "../src/state/screen";
import { hasUnderground, turnedUnderground } from "../src/state/underground";

function layer(id: string, kind: string, visible = true): Layer {
  return { id, kind, style: { role: "plain", visible } } as unknown as Layer;
}

const LAYERS = [
  layer("gebouwen", "buildings"),
  layer("riool", "tubes", false),
  layer("buurten", "areas", false),
];

describe("looking below the ground", () => {
  test("there is nothing to look at without tubes", () => {
    expect(hasUnderground(LAYERS)).toBe(true);
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

import { expect, test } from "vitest";
import type { Layer } from "../src/api/shapes";
import { isLoose, tooManyShapes } from "../src/drawing/in-scene";

function layer(kind: string, role = "plain", count = 10): Layer {
  return { id: "laag", kind, count, style: { role } } as unknown as Layer;
}

test("points, lines and areas are loose shapes, what has tiles or lies in the ground is not", () => {
  expect(["points", "lines", "areas"].map((kind) => isLoose(layer(kind)))).toEqual([true, true, true]);
  expect(["buildings", "trees", "tubes", "terrain"].some((kind) => isLoose(layer(kind)))).toBe(false);
  expect(["water", "street", "path", "park"].some((role) => isLoose(layer("areas", role)))).toBe(false);
  expect(isLoose(layer("areas", "boundary"))).toBe(true);
});

test("a layer of more shapes than a frame can bear is not drawn in part", () => {
  expect(tooManyShapes(layer("points", "plain", 2000))).toBe(false);
  expect(tooManyShapes(layer("points", "plain", 2001))).toBe(true);
  expect(tooManyShapes(layer("buildings", "building", 20_000))).toBe(false);
});

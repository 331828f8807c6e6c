import { expect, test } from "vitest";
import type { Feature, Geometry, Layer } from "../src/api/shapes";
import { edgesOnce } from "../src/drawing/edges";
import { type Insets, metresTo, type Pose, pixelOf, reframed, type Size } from "../src/scene/pose";
import { hasNoShape, isInPieces, together } from "../src/state/pieces";

const piece = (geometry: Geometry | null, properties = {}): Feature => ({
  id: "a",
  layer: "straten",
  title: "Weesperstraat",
  geometry,
  properties,
});

test("all pieces of a street become one shape, and what has none is left out", () => {
  const one = piece({
    type: "LineString",
    coordinates: [
      [4, 52],
      [5, 52],
    ],
  });
  const many = piece({
    type: "MultiLineString",
    coordinates: [
      [
        [5, 52],
        [6, 52],
      ],
      [
        [6, 52],
        [7, 52],
      ],
    ],
  });
  expect(together([one, piece(null), many])).toEqual({
    type: "MultiLineString",
    coordinates: [
      [
        [4, 52],
        [5, 52],
      ],
      [
        [5, 52],
        [6, 52],
      ],
      [
        [6, 52],
        [7, 52],
      ],
    ],
  });
  expect(together([one])).toBe(one.geometry);
  expect(together([piece(null)])).toBeNull();
});

test("only streets and waters are chosen with all their pieces", () => {
  const layer = (placeKind: string) => ({ placeKind }) as Layer;
  expect(["street", "water", "neighbourhood", ""].map((kind) => isInPieces(layer(kind)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isInPieces(undefined)).toBe(false);
});

test("a building whose level of detail is 0 or unknown has no shape in 3D", () => {
  const buildings = {
    kind: "buildings",
    columns: [{ name: "lod", term: "detailniveau" }],
  } as unknown as Layer;
  const levels = ["2.2", 1, "0", 0, null, undefined];
  expect(levels.map((lod) => hasNoShape(piece(null, { lod }), buildings))).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
  expect(hasNoShape(piece(null), { kind: "areas", columns: [] } as unknown as Layer)).toBe(false);
});

test("the border of two neighbours is drawn once, whichever way each runs", () => {
  const left = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ];
  const right = [
    [1, 1],
    [1, 0],
    [2, 0],
    [2, 1],
    [1, 1],
  ];
  const lines = edgesOnce([left, right], 3);
  const edges = lines.flatMap((line) =>
    line.slice(1).map((to, n) => [line[n], to].map(String).sort().join(" ")),
  );
  expect(edges).toHaveLength(7);
  expect(new Set(edges).size).toBe(7);
  expect(edges).toContain("1,0 1,1");
});

const SIZE: Size = { width: 1440, height: 800 };
const NONE: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
const CARD: Insets = { ...NONE, right: 408 };
const POSE: Pose = { lon: 4.9, lat: 52.36, heading: 28, pitch: -31, distance: 1180 };

test("a card that opens and closes leaves every point of the city where it is on the screen", () => {
  const opened = reframed(POSE, SIZE, NONE, CARD);
  expect(metresTo(POSE, opened.lon, opened.lat).some((metres) => Math.abs(metres) > 50)).toBe(true);
  for (const [lon, lat] of [
    [4.9, 52.36],
    [4.903, 52.362],
    [4.897, 52.359],
  ] as const) {
    const before = pixelOf(POSE, SIZE, NONE, lon, lat);
    const after = pixelOf(opened, SIZE, CARD, lon, lat);
    expect(after?.[0]).toBeCloseTo(before?.[0] ?? Number.NaN, 0);
    expect(after?.[1]).toBeCloseTo(before?.[1] ?? Number.NaN, 0);
  }
  const closed = reframed(opened, SIZE, CARD, NONE);
  expect(closed.distance).toBeCloseTo(POSE.distance, 3);
  expect(closed.lon).toBeCloseTo(POSE.lon, 6);
});

test("what is looked at is in the free middle", () => {
  const [x, y] = pixelOf(POSE, SIZE, CARD, POSE.lon, POSE.lat) ?? [];
  expect(x).toBeCloseTo((1440 - 408) / 2, 3);
  expect(y).toBeCloseTo(400, 3);
});

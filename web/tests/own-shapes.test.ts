import { describe, expect, test } from "vitest";
import type { Feature, Geometry } from "../src/api/shapes";
import { outlineOf, ownBounds, ownFeatures, touchedAt } from "../src/drawing/own-shapes";
import { rdOf } from "../src/measure/rd";
import { distance } from "../src/measure/shape";
import type { GlbModel, OwnLayer } from "../src/own/own-layer";
import { MOST_FILES, OwnFiles } from "../src/state/own-files";

function layerOf(geometries: readonly Geometry[], more: Partial<OwnLayer> = {}): OwnLayer {
  const features: Feature[] = geometries.map((geometry, n) => ({
    id: String(n),
    layer: "eigen-1",
    title: "",
    geometry,
    properties: {},
  }));
  return {
    title: "plan",
    kind: "shapes",
    features,
    columns: [],
    bbox: null,
    counted: { taken: features.length, leftOut: [] },
    notes: [],
    ...more,
  };
}

const box = (west: number, south: number, size: number): Geometry => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
const placed = (layer: OwnLayer) => ({ layer, placing: null });

const MODEL: GlbModel = {
  form: "glb",
  bytes: new Uint8Array(),
  triangles: 12,
  box: { min: [-10, 0, -30], max: [10, 50, 5] },
  placing: { by: "reader", proposal: null },
};

describe("what lies at a place of an own file", () => {
  test("is the area around it, and of two the one that was drawn last", () => {
    const layer = layerOf([box(4.9, 52.36, 0.01), box(4.902, 52.362, 0.002)]);
    expect(touchedAt(placed(layer), 4.903, 52.363, 5)).toBe(1);
    expect(touchedAt(placed(layer), 4.909, 52.369, 5)).toBe(0);
    expect(touchedAt(placed(layer), 4.95, 52.363, 5)).toBeNull();
  });

  test("is a line or a point within the radius and not beyond", () => {
    const line: Geometry = {
      type: "LineString",
      coordinates: [
        [4.9, 52.36],
        [4.91, 52.36],
      ],
    };
    const point: Geometry = { type: "Point", coordinates: [4.92, 52.36] };
    const layer = layerOf([line, point]);
    const north = 8 / 111_319;
    expect(touchedAt(placed(layer), 4.905, 52.36 + north, 10)).toBe(0);
    expect(touchedAt(placed(layer), 4.905, 52.36 + north, 5)).toBeNull();
    expect(touchedAt(placed(layer), 4.92, 52.36 + north, 10)).toBe(1);
  });
});

describe("a model that is placed by hand", () => {
  const at = { lon: 4.9, lat: 52.36, napM: 0, headingDeg: 0 };
  const cornersAt = (headingDeg: number) => {
    const outline = outlineOf(MODEL, { ...at, headingDeg });
    return outline?.type === "Polygon" ? (outline.coordinates[0] ?? []) : [];
  };

  test("has an outline of its own size, with x to the east and z to the south", () => {
    const corners = cornersAt(0).map(([lon, lat]) => rdOf({ lon: lon ?? 0, lat: lat ?? 0 }));
    const [a, b, c] = corners as [
      { x: number; y: number },
      { x: number; y: number },
      { x: number; y: number },
    ];
    expect(distance(a, b)).toBeCloseTo(20, 0);
    expect(distance(b, c)).toBeCloseTo(35, 0);
    const lats = cornersAt(0).map(([, lat]) => ((lat ?? 0) - at.lat) * 111_319);
    expect(Math.min(...lats)).toBeCloseTo(-5, 1);
    expect(Math.max(...lats)).toBeCloseTo(30, 1);
  });

  test("turns clockwise: what pointed north points east", () => {
    const east = cornersAt(90).map(
      ([lon]) => ((lon ?? 0) - at.lon) * 111_319 * Math.cos((at.lat * Math.PI) / 180),
    );
    expect(Math.max(...east)).toBeCloseTo(30, 1);
    expect(Math.min(...east)).toBeCloseTo(-5, 1);
  });

  test("has no outline and no bounds while nobody has said where it stands", () => {
    const layer = layerOf([], { kind: "model", model: MODEL });
    expect(ownFeatures(placed(layer))).toEqual([]);
    expect(ownBounds(placed(layer))).toBeNull();
    expect(ownBounds({ layer, placing: at })?.[0]).toBeLessThan(4.9);
  });
});

describe("the list of own files", () => {
  test("gives each its own colour, chooses in one file at a time, and tells who listens", () => {
    const files = new OwnFiles();
    let told = 0;
    files.subscribe(() => {
      told += 1;
    });
    files.add(files.nextId(), layerOf([box(4.9, 52.36, 0.01)]), null);
    files.add(files.nextId(), layerOf([box(4.92, 52.36, 0.01)]), null);
    expect(new Set(files.list.map(({ colour }) => colour)).size).toBe(2);
    expect(files.chooseAt(4.905, 52.365, 1)).toBe(true);
    expect(files.list.map(({ chosen }) => chosen)).toEqual([0, null]);
    expect(files.chooseAt(4.925, 52.365, 1)).toBe(true);
    expect(files.list.map(({ chosen }) => chosen)).toEqual([null, 0]);
    expect(files.chooseAt(5, 52, 1)).toBe(false);
    files.remove(files.list[0]?.id ?? "");
    expect(files.list.map(({ id }) => id)).toEqual(["eigen-2"]);
    expect(told).toBe(5);
  });

  test("is full at eight", () => {
    const files = new OwnFiles();
    for (let n = 0; n < MOST_FILES; n += 1) files.add(files.nextId(), layerOf([]), null);
    expect(files.full).toBe(true);
  });
});

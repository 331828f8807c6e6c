import { describe, expect, test } from "vitest";
import { marksOf } from "../src/drawing/sketch-marks";
import { geoJsonOf } from "../src/measure/sketch-file";
import type { Sketch } from "../src/state/screen";
import { isFull, MOST_POINTS, withKind, withoutPoint, withPoint } from "../src/state/sketching";

const spot = (lon: number, lat = 52.36, napM: number | null = null) => ({ lon, lat, napM });
const EMPTY: Sketch = { kind: "distance", points: [] };
const SQUARE: Sketch = {
  kind: "area",
  points: [
    { lon: 4.9, lat: 52.36 },
    { lon: 4.9, lat: 52.361 },
    { lon: 4.901, lat: 52.361 },
    { lon: 4.901, lat: 52.36 },
  ],
};

describe("drawing", () => {
  test("adds a point as the address keeps it, and not the same place twice", () => {
    const one = withPoint(EMPTY, spot(4.900000049, 52.36, 3.456));
    expect(one.points).toEqual([{ lon: 4.9, lat: 52.36, napM: 3.46 }]);
    expect(withPoint(one, spot(4.9))).toBe(one);
    expect(withoutPoint(withPoint(one, spot(4.91)), 0).points).toEqual([{ lon: 4.91, lat: 52.36 }]);
  });

  test("ends at as many points as an address holds, and at two for a height", () => {
    let sketch = EMPTY;
    for (let n = 0; n < MOST_POINTS + 5; n += 1) sketch = withPoint(sketch, spot(4 + n / 1000));
    expect(sketch.points.length).toBe(MOST_POINTS);
    expect(isFull(sketch)).toBe(true);
    expect(withKind(sketch, "height").points.length).toBe(2);
    const foot = withPoint({ kind: "height", points: [] }, spot(4.9, 52.36, 0));
    expect(withPoint(foot, spot(4.9, 52.36, 12)).points.length).toBe(2);
  });
});

describe("what is drawn of a sketch", () => {
  test("a ring is closed, filled and has a length at each side and its area in the middle", () => {
    const marks = marksOf(SQUARE, "nl");
    expect(marks.lines[0]?.length).toBe(5);
    expect(marks.fill.length).toBe(4);
    expect(marks.labels.length).toBe(5);
    expect(marks.labels[0]?.text).toContain("m²");
  });

  test("an edge that crosses itself shows no area", () => {
    const [a, b, c, d] = SQUARE.points as [never, never, never, never];
    const texts = marksOf({ kind: "area", points: [a, c, b, d] }, "nl").labels.map(({ text }) => text);
    expect(texts.some((text) => text.includes("²"))).toBe(false);
  });

  test("a height goes up at the foot and then across", () => {
    const points = [
      { lon: 4.9, lat: 52.36, napM: 1 },
      { lon: 4.901, lat: 52.36, napM: 13.5 },
    ];
    const marks = marksOf({ kind: "height", points }, "nl");
    expect(marks.lines[0]?.map(({ napM }) => napM)).toEqual([1, 13.5]);
    expect(marks.labels.map(({ text }) => text.replace("\u00a0", " "))).toEqual(["12,5 m"]);
    expect(marksOf({ kind: "height", points: [{ lon: 4.9, lat: 52.36 }] }, "nl").lines).toEqual([]);
  });

  test("as GeoJSON it is closed and runs anticlockwise, however it was drawn", () => {
    for (const points of [SQUARE.points, [...SQUARE.points].reverse()]) {
      const { geometry, properties } = JSON.parse(geoJsonOf({ kind: "region", points })).features[0];
      const ring: [number, number][] = geometry.coordinates[0];
      expect(ring[0]).toEqual(ring.at(-1));
      const twice = ring.slice(1).reduce((sum, [x, y], n) => {
        const [px, py] = ring[n] ?? [0, 0];
        return sum + (px - 4.9) * (y - 52.36) - (x - 4.9) * (py - 52.36);
      }, 0);
      expect(twice).toBeGreaterThan(0);
      expect(properties.oppervlakte_m2).toBeCloseTo(7580, -2);
    }
  });
});

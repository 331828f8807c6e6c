import { describe, expect, test } from "vitest";
import { crossed, MOST_SAMPLES, samplesAlong } from "../../src/measure/along";
import { touches } from "../../src/measure/in-area";
import { rdOf } from "../../src/measure/rd";
import { area, crossesItself, length, perimeter } from "../../src/measure/shape";
import { areaText, heightText, lengthText, napText } from "../../src/measure/units";

/** Made with the official grids (RDNAPTRANS 2018) and shapely; x and y of the first corner. */
const TRUTH = [
  {
    where: "Amsterdam",
    ring: [
      [4.9041, 52.3676],
      [4.91, 52.365],
      [4.9072, 52.3612],
      [4.9005, 52.363],
    ],
    first: [122096.861, 486744.851],
    length: 1457.383,
    area: 253888.88,
    perimeter: 2024.91,
  },
  {
    where: "the far south",
    ring: [
      [5.69, 50.85],
      [5.7001, 50.8512],
      [5.6952, 50.8561],
    ],
    first: [176325.36, 317840.169],
    length: 1368.874,
    area: 216901.98,
    perimeter: 2139.993,
  },
  {
    where: "the far north-east",
    ring: [
      [6.92, 53.33],
      [6.935, 53.329],
      [6.933, 53.3352],
      [6.921, 53.336],
    ],
    first: [257117.171, 594816.776],
    length: 2512.866,
    area: 607337.91,
    perimeter: 3183.995,
  },
  {
    where: "the far south-west",
    ring: [
      [3.408, 51.368],
      [3.411, 51.369],
      [3.409, 51.3702],
    ],
    first: [17183.91, 377292.98],
    length: 429.658,
    area: 21696.84,
    perimeter: 684.152,
  },
] as const;

const place = ([lon, lat]: readonly [number, number]) => ({ lon, lat });
const square = (x: number, y: number, side: number) => [
  { x, y },
  { x: x + side, y },
  { x: x + side, y: y + side },
  { x, y: y + side },
];

describe("measuring in RD", () => {
  test.each(TRUTH)("agrees with the official grids in $where", (truth) => {
    const rd = truth.ring.map((corner) => rdOf(place(corner)));
    const within = (found: number, meant: number) => Math.abs(found / meant - 1);
    expect(Math.abs((rd[0]?.x ?? 0) - truth.first[0])).toBeLessThan(0.35);
    expect(Math.abs((rd[0]?.y ?? 0) - truth.first[1])).toBeLessThan(0.35);
    expect(within(length(rd), truth.length)).toBeLessThan(1e-4);
    expect(within(perimeter(rd), truth.perimeter)).toBeLessThan(1e-4);
    expect(within(area(rd), truth.area)).toBeLessThan(1e-4);
  });

  test("an area does not depend on the direction in which it is drawn", () => {
    const ring = square(120_000, 480_000, 10);
    expect(area(ring)).toBe(100);
    expect(area([...ring].reverse())).toBe(100);
  });

  test("a bow tie crosses itself and a square does not", () => {
    const [a, b, c, d] = square(0, 0, 10) as [never, never, never, never];
    expect(crossesItself([a, b, c, d])).toBe(false);
    expect(crossesItself([a, c, b, d])).toBe(true);
    expect(crossesItself([a, b, c])).toBe(false);
  });

  test("one point, or none, is no length and no area", () => {
    expect(length([])).toBe(0);
    expect(perimeter([{ x: 1, y: 1 }])).toBe(0);
    expect(area([{ x: 1, y: 1 }])).toBe(0);
  });
});

describe("samples along a line", () => {
  const corners = TRUTH[0].ring.map(place);

  test("are at most 200, keep the corners, and run from nought to the whole length", () => {
    const samples = samplesAlong(corners);
    expect(samples.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(samples.length).toBeGreaterThan(150);
    for (const corner of corners)
      expect(samples).toContainEqual(expect.objectContaining({ lon: corner.lon, lat: corner.lat }));
    expect(samples[0]?.alongM).toBe(0);
    expect(samples.at(-1)?.alongM).toBeCloseTo(length(corners.map(rdOf)), 6);
    const steps = samples.slice(1).map((one, n) => one.alongM - (samples[n]?.alongM ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
  });

  test("of a short line are no closer than a metre", () => {
    const [from] = corners as [{ lon: number; lat: number }];
    expect(samplesAlong([from, { lon: from.lon + 0.00003, lat: from.lat }]).length).toBeLessThanOrEqual(4);
    expect(samplesAlong([from])).toEqual([]);
    expect(samplesAlong([from, from])).toEqual([]);
  });

  test("a building is crossed where the line runs over it, and not over its courtyard", () => {
    const ring = (low: number, high: number) =>
      [
        [low, low],
        [high, low],
        [high, high],
        [low, high],
        [low, low],
      ].map(([x, y]) => [4.9 + (x ?? 0) / 1000, 52.36 + (y ?? 0) / 1000]);
    const line = [
      { lon: 4.899, lat: 52.3605 },
      { lon: 4.902, lat: 52.3605 },
    ];
    const whole = length(line.map(rdOf));
    const found = crossed(line, { type: "Polygon", coordinates: [ring(0, 1), ring(0.4, 0.6)] });
    expect(found.length).toBe(2);
    expect((found[0]?.[0] ?? 0) / whole).toBeCloseTo(1 / 3, 3);
    expect((found[0]?.[1] ?? 0) / whole).toBeCloseTo(1.4 / 3, 3);
    expect((found[1]?.[1] ?? 0) / whole).toBeCloseTo(2 / 3, 3);
    expect(crossed(line, { type: "Point", coordinates: [4.9, 52.36] })).toEqual([]);
  });
});

describe("what a drawn area touches", () => {
  const ring = [
    [4.9, 52.36],
    [4.91, 52.36],
    [4.91, 52.37],
    [4.9, 52.37],
  ].map(([lon, lat]) => rdOf({ lon: lon ?? 0, lat: lat ?? 0 }));
  const box = (west: number, south: number, east: number, north: number) => ({
    type: "Polygon" as const,
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  });

  test("a point in it and not one beside it", () => {
    expect(touches({ type: "Point", coordinates: [4.905, 52.365] }, ring)).toBe(true);
    expect(touches({ type: "Point", coordinates: [4.915, 52.365] }, ring)).toBe(false);
  });

  test("a line that only passes through", () => {
    const across = {
      type: "LineString" as const,
      coordinates: [
        [4.89, 52.365],
        [4.92, 52.365],
      ],
    };
    expect(touches(across, ring)).toBe(true);
    const beside = {
      type: "LineString" as const,
      coordinates: [
        [4.89, 52.375],
        [4.92, 52.375],
      ],
    };
    expect(touches(beside, ring)).toBe(false);
  });

  test("an area within it, around it and across its edge, but not one beside it", () => {
    expect(touches(box(4.902, 52.362, 4.903, 52.363), ring)).toBe(true);
    expect(touches(box(4.8, 52.3, 5, 52.4), ring)).toBe(true);
    expect(touches(box(4.895, 52.362, 4.905, 52.363), ring)).toBe(true);
    expect(touches(box(4.92, 52.362, 4.93, 52.363), ring)).toBe(false);
  });

  test("not the area in whose hole it lies", () => {
    const hole = box(4.89, 52.35, 4.92, 52.38).coordinates[0] as number[][];
    const around = { type: "Polygon" as const, coordinates: [...box(4.8, 52.3, 5, 52.4).coordinates, hole] };
    expect(touches(around, ring)).toBe(false);
  });
});

describe("measures in words", () => {
  test("have their unit and as many digits as they deserve", () => {
    const plain = (text: string) => text.replaceAll("\u00a0", " ");
    expect(plain(lengthText(12.44, "nl"))).toBe("12,4 m");
    expect(plain(lengthText(1234.4, "nl"))).toBe("1.234 m");
    expect(plain(lengthText(12_340, "en"))).toBe("12.3 km");
    expect(plain(areaText(85.4, "nl"))).toBe("85 m²");
    expect(plain(areaText(12_400, "nl"))).toBe("1,24 ha");
    expect(plain(areaText(3_100_000, "nl"))).toBe("3,10 km²");
    expect(plain(heightText(-0.44, "nl"))).toBe("−0,4 m");
    expect(plain(napText(3.2, "nl"))).toBe("+3,2 m NAP");
    expect(plain(napText(-0.01, "nl"))).toBe("0,0 m NAP");
  });
});

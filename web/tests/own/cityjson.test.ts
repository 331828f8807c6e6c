import { describe, expect, test } from "vitest";
import { type MeshModel, type OwnLayer, SURFACE_KINDS } from "../../src/own/own-layer";
import { apart, leftOf, notesOf, open, refusal, refusalWithFacts } from "./opening";

const RD = "https://www.opengis.net/def/crs/EPSG/0/7415";
const TRANSFORM = { scale: [0.001, 0.001, 0.001], translate: [120700, 487500, 0] };
/** A box of 10 by 8 by 6 m on NAP -1, in millimetres. */
const CORNERS = [-1000, 5000].flatMap((z) => [
  [0, 0, z],
  [10_000, 0, z],
  [10_000, 8_000, z],
  [0, 8_000, z],
]);
const SIDES = [
  [[0, 3, 2, 1]],
  [[4, 5, 6, 7]],
  [[0, 1, 5, 4]],
  [[1, 2, 6, 5]],
  [[2, 3, 7, 6]],
  [[3, 0, 4, 7]],
];
const SEMANTICS = {
  surfaces: [{ type: "GroundSurface" }, { type: "RoofSurface" }, { type: "WallSurface" }],
  values: [[0, 1, 2, 2, 2, 2]],
};
const SOLID = { type: "Solid", lod: "2.2", boundaries: [SIDES], semantics: SEMANTICS };

function city(objects: object, more: object = {}): object {
  return {
    type: "CityJSON",
    version: "2.0",
    metadata: { referenceSystem: RD },
    transform: TRANSFORM,
    CityObjects: objects,
    vertices: CORNERS,
    ...more,
  };
}

const house = (geometry: object[] = [SOLID], more: object = {}) => ({
  type: "Building",
  attributes: { naam: "Huis", bouwjaar: 1964 },
  geometry,
  ...more,
});

function meshOf(layer: OwnLayer): MeshModel {
  if (layer.model?.form !== "mesh") throw new Error("no mesh");
  return layer.model;
}

const kindsOf = (layer: OwnLayer) => [...meshOf(layer).kinds].map((kind) => SURFACE_KINDS[kind]);

/** Area and volume of the triangles: wrong when one is missing, doubled or turned over. */
function measured(mesh: MeshModel): { area: number; volume: number } {
  let [area, volume] = [0, 0];
  const p = mesh.positions;
  for (let t = 0; t < p.length; t += 9) {
    const [a, b, c] = [0, 3, 6].map((i) => [p[t + i] ?? 0, p[t + i + 1] ?? 0, p[t + i + 2] ?? 0]);
    const [u, v] = [b, c].map((corner) => (corner ?? []).map((value, i) => value - (a?.[i] ?? 0)));
    const cross = [0, 1, 2].map((i) => {
      const [j, k] = [(i + 1) % 3, (i + 2) % 3];
      return (u?.[j] ?? 0) * (v?.[k] ?? 0) - (u?.[k] ?? 0) * (v?.[j] ?? 0);
    });
    area += Math.hypot(...cross) / 2;
    volume += cross.reduce((sum, value, i) => sum + value * (a?.[i] ?? 0), 0) / 6;
    const normal = [...mesh.normals.slice(t, t + 3)];
    expect(cross.reduce((sum, value, i) => sum + value * (normal[i] ?? 0), 0)).toBeGreaterThan(0);
  }
  return { area, volume };
}

describe("a building", () => {
  test("becomes a footprint with attributes, and triangles that face outward", async () => {
    const layer = await open("huis.city.json", city({ a: house() }));
    expect(layer.title).toBe("huis");
    expect(layer.kind).toBe("model");
    expect(layer.features[0]).toMatchObject({ id: "a", title: "Huis", layer: "own" });
    expect(layer.features[0]?.properties).toEqual({ type: "Building", naam: "Huis", bouwjaar: 1964 });
    expect(layer.features[0]?.geometry?.coordinates[0]).toHaveLength(5);
    expect(kindsOf(layer).sort()).toEqual([
      ...["ground", "ground", "roof", "roof"],
      ...Array.from({ length: 8 }, () => "wall"),
    ]);
    const { area, volume } = measured(meshOf(layer));
    expect(area).toBeCloseTo(2 * 80 + 36 * 6, 0);
    expect(volume).toBeCloseTo(480, 0);
    expect(notesOf(layer)).toEqual(["rd-accuracy"]);
  });

  test("stands at its place on NAP, turned from RD's north to the true north", async () => {
    const mesh = meshOf(await open("x.city.json", city({ a: house() })));
    expect(mesh.heightsAbove).toBe("nap");
    expect(mesh.origin.heightM).toBeCloseTo(-1, 6);
    expect(apart([mesh.origin.lon, mesh.origin.lat], [4.88352219, 52.37453054])).toBeLessThan(30);
    const heights = mesh.positions.filter((_, i) => i % 3 === 2);
    expect(Math.min(...heights)).toBeCloseTo(0, 3);
    expect(Math.max(...heights)).toBeCloseTo(6, 3);
    // RD's grid lies 0.4 degrees from north here: over 10 m that is 7 cm.
    const norths = [...mesh.positions.filter((_, i) => i % 3 === 1)];
    expect(Math.max(...norths) - Math.min(...norths)).toBeCloseTo(
      8 + 10 * Math.sin((0.4 * Math.PI) / 180),
      1,
    );
  });

  test("with a hole in its roof keeps the hole", async () => {
    const inner = [
      [2000, 2000, 5000],
      [4000, 2000, 5000],
      [4000, 4000, 5000],
      [2000, 4000, 5000],
    ];
    const roof = {
      type: "MultiSurface",
      lod: "2",
      boundaries: [
        [
          [4, 5, 6, 7],
          [8, 11, 10, 9],
        ],
      ],
    };
    const layer = await open("x.city.json", city({ a: house([roof]) }, { vertices: [...CORNERS, ...inner] }));
    expect(measured(meshOf(layer)).area).toBeCloseTo(80 - 4, 1);
    expect(layer.features[0]?.geometry?.coordinates).toHaveLength(2);
  });

  test("with parts is one object, with the attributes of the whole", async () => {
    const part = { type: "BuildingPart", parents: ["a"], geometry: [SOLID], attributes: { deel: 1 } };
    const plan = { type: "MultiSurface", lod: "0", boundaries: [[[0, 1, 2, 3]]] };
    const layer = await open("x.city.json", city({ deel: part, a: house([plan]) }));
    expect(layer.features.map(({ id, title }) => [id, title])).toEqual([["a", "Huis"]]);
    expect(layer.features[0]?.geometry?.type).toBe("Polygon");
    expect(meshOf(layer).kinds).toHaveLength(12);
  });

  test("in several levels of detail is drawn once, in the finest", async () => {
    const rough = { ...SOLID, lod: "1.2" };
    expect(meshOf(await open("x.city.json", city({ a: house([rough, SOLID, rough]) }))).kinds).toHaveLength(
      12,
    );
  });

  test("without names for its faces is understood from where they look", async () => {
    const nameless = { type: "Solid", lod: 2, boundaries: [SIDES] };
    const layer = await open("x.city.json", city({ a: house([nameless]) }));
    expect(new Set(kindsOf(layer))).toEqual(new Set(["ground", "roof", "wall"]));
    expect(layer.features[0]?.geometry?.type).toBe("Polygon");
    const road = await open("x.city.json", city({ a: house([nameless], { type: "Road" }) }));
    expect(new Set(kindsOf(road))).toEqual(new Set(["other"]));
  });
});

test.each([
  ["only walls", { type: "MultiSurface", lod: "2", boundaries: SIDES.slice(2) }, "Polygon"],
  ["only a roof", { type: "MultiSurface", lod: "2", boundaries: [SIDES[1]] }, "Polygon"],
  ["two plans", { type: "MultiSurface", lod: "0", boundaries: [SIDES[0], SIDES[1]] }, "MultiPolygon"],
  ["points", { type: "MultiPoint", lod: "1", boundaries: [0, 1] }, "MultiPoint"],
  ["lines", { type: "MultiLineString", lod: "1", boundaries: [[0, 1, 2]] }, "LineString"],
  ["a shared model", { type: "GeometryInstance", template: 0, boundaries: [3] }, "Point"],
  ["solids in solids", { type: "MultiSolid", lod: "2", boundaries: [[SIDES]] }, "Polygon"],
])("an object of %s is shown", async (_, geometry, type) => {
  const layer = await open("x.city.json", city({ a: house([geometry]) }));
  expect(layer.features[0]?.geometry?.type).toBe(type);
  expect(leftOf(layer)).toEqual({});
});

describe("faces side by side", () => {
  /** A grid of three by three squares, corners numbered row by row from 0 to 15. */
  const grid = Array.from({ length: 16 }, (_, i) => [(i % 4) * 1000, Math.floor(i / 4) * 1000, 0]);
  const square = (at: number) => [at, at + 1, at + 5, at + 4];
  const triangles = (at: number) => [[[at, at + 1, at + 5]], [[at, at + 5, at + 4]]];
  const shapeOf = async (boundaries: unknown) => {
    const road = { type: "Road", geometry: [{ type: "MultiSurface", lod: "1", boundaries }] };
    return (await open("x.json", city({ a: road }, { vertices: grid }))).features[0]?.geometry;
  };

  test("become one area", async () => {
    const geometry = await shapeOf([0, 1, 2].flatMap(triangles));
    expect(geometry?.type).toBe("Polygon");
    expect(geometry?.coordinates.map((ring) => (ring as unknown[]).length)).toEqual([9]);
  });

  test("round an open square keep it open", async () => {
    const geometry = await shapeOf([0, 1, 2, 4, 6, 8, 9, 10].flatMap(triangles));
    expect(geometry?.type).toBe("Polygon");
    expect(geometry?.coordinates.map((ring) => (ring as unknown[]).length)).toEqual([13, 5]);
  });

  test("in two places become two areas", async () => {
    const geometry = await shapeOf([...triangles(0), ...triangles(10)]);
    expect(geometry?.type).toBe("MultiPolygon");
    expect(geometry?.coordinates).toHaveLength(2);
  });

  test("that meet in a corner only are two areas, and a hole in a corner is a hole", async () => {
    expect((await shapeOf([...triangles(0), ...triangles(5)]))?.coordinates).toHaveLength(2);
    const geometry = await shapeOf([0, 1, 2, 4, 6, 8, 9].flatMap(triangles));
    expect(geometry?.type).toBe("Polygon");
    expect(geometry?.coordinates.map((ring) => (ring as unknown[]).length)).toEqual([13, 5]);
  });

  test("that lie twice in the file are one area", async () => {
    expect((await shapeOf([[square(0)], [square(0)], [square(1)]]))?.type).toBe("Polygon");
  });

  test("that look down are joined too", async () => {
    const geometry = await shapeOf([0, 1].flatMap(triangles).map(([ring]) => [[...(ring ?? [])].reverse()]));
    expect(geometry?.type).toBe("Polygon");
  });
});

describe("versions and coordinates", () => {
  test.each([
    ["1.0", { metadata: { referenceSystem: "urn:ogc:def:crs:EPSG::28992" } }],
    ["1.1", { metadata: { referenceSystem: "http://www.opengis.net/def/crs/EPSG/0/7415" } }],
    ["2.0", {}],
    ["2.0.1", {}],
  ])("version %s is read", async (version, more) => {
    const layer = await open("x.json", city({ a: house() }, { version, ...more }));
    expect(layer.counted.taken).toBe(1);
  });

  test("version 1.0 without a transform has real coordinates", async () => {
    const vertices = CORNERS.map(([x = 0, y = 0, z = 0]) => [120700 + x / 1000, 487500 + y / 1000, z / 1000]);
    const layer = await open(
      "x.json",
      city({ a: house() }, { version: "1.0", transform: undefined, vertices }),
    );
    expect(measured(meshOf(layer)).volume).toBeCloseTo(480, 0);
  });

  test.each([
    ["EPSG/0/4979", "ellipsoid", []],
    ["EPSG/0/4326", "nap", ["height-unsure"]],
  ])("degrees of %s have heights above %s", async (code, above, notes) => {
    const vertices = CORNERS.map(([x = 0, y = 0, z = 0]) => [x * 1.5e-3, y * 1e-3, z]);
    const degrees = {
      metadata: { referenceSystem: `https://www.opengis.net/def/crs/${code}` },
      transform: { scale: [1e-5, 1e-5, 0.001], translate: [4.9, 52.37, 43] },
      vertices,
    };
    const layer = await open("x.json", city({ a: house() }, degrees));
    expect(meshOf(layer).heightsAbove).toBe(above);
    expect(notesOf(layer)).toEqual(notes);
    expect(measured(meshOf(layer)).volume).toBeGreaterThan(0);
  });

  test.each([
    ["another system", { metadata: { referenceSystem: "EPSG:25832" } }, "crs"],
    ["an old version", { version: "0.8" }, "cityjson-version"],
    ["no version", { version: undefined }, "cityjson-version"],
    ["a scale of text", { transform: { scale: ["1", 1, 1], translate: [0, 0, 0] } }, "cityjson-transform"],
    ["a scale of two", { transform: { scale: [1, 1], translate: [0, 0, 0] } }, "cityjson-transform"],
    ["no objects", { CityObjects: [] }, "cityjson-head"],
    ["no vertices", { vertices: [] }, "nothing"],
    [
      "coordinates of nowhere",
      { metadata: {}, transform: { scale: [1, 1, 1], translate: [2e6, 2e6, 0] } },
      "coordinates",
    ],
  ])("%s is refused", async (_, more, reason) => {
    expect(await refusal("x.json", city({ a: house() }, more))).toBe(reason);
  });
});

describe("what is wrong with one object", () => {
  test.each([
    ["an index of a vertex that is not there", [[[0, 1, 99]]], { "bad-surface": 1 }],
    ["a negative index", [[[0, 1, -1]]], { "bad-surface": 1 }],
    ["a broken index", [[[0, 1, 1.5]]], { "bad-surface": 1 }],
    ["a face of two corners", [[[0, 1]]], { "bad-surface": 1 }],
    ["a face without area", [[[0, 1, 0, 1]]], { "bad-surface": 1 }],
    ["a face that is text", ["0,1,2"], { "bad-surface": 1 }],
  ])("%s is counted, and the others are drawn", async (_, boundaries, left) => {
    const bad = { type: "MultiSurface", lod: "2", boundaries: [...SIDES, ...boundaries] };
    const layer = await open("x.city.json", city({ a: house([bad]) }));
    expect(meshOf(layer).kinds).toHaveLength(12);
    expect(leftOf(layer)).toEqual(left);
  });

  test("a face of more corners than can be cut into triangles in time is counted", async () => {
    const circle = Array.from({ length: 10_001 }, (_, i) => [
      Math.round(50_000 * Math.cos((i * 2 * Math.PI) / 10_001)),
      Math.round(50_000 * Math.sin((i * 2 * Math.PI) / 10_001)),
      0,
    ]);
    const face = { type: "MultiSurface", lod: "2", boundaries: [[circle.map((_, i) => i)]] };
    const layer = await open("x.city.json", city({ a: house([face]) }, { vertices: circle }));
    expect(leftOf(layer)).toEqual({ "bad-surface": 1 });
  });

  test("objects without a shape are counted", async () => {
    const layer = await open("x.city.json", city({ a: house(), b: house([]), c: 3 }));
    expect(leftOf(layer)).toEqual({ "no-geometry": 1 });
  });

  test("parents that go round in a circle do not hold the reader up", async () => {
    const round = { a: house([SOLID], { parents: ["b"] }), b: house([SOLID], { parents: ["a"] }) };
    expect((await open("x.city.json", city(round))).counted.taken).toBe(2);
  });
});

describe("a sequence", () => {
  const head = JSON.stringify(city({}, { vertices: [] }));
  const part = (id: string) =>
    JSON.stringify({ type: "CityJSONFeature", id, CityObjects: { [id]: house() }, vertices: CORNERS });

  test.each(["x.city.jsonl", "x.jsonl", "x.json"])("named %s has a feature on each line", async (name) => {
    const layer = await open(name, [head, part("a"), "", part("b")].join("\n"));
    expect(layer.features.map(({ id }) => id)).toEqual(["a", "b"]);
    const mesh = meshOf(layer);
    expect([...mesh.objectOf]).toEqual([...Array(12).fill(0), ...Array(12).fill(1)]);
    expect(measured(mesh).volume).toBeCloseTo(960, 0);
  });

  test("without its head is refused", async () => {
    expect(await refusal("x.jsonl", part("a"))).toBe("cityjson-head");
  });

  test("with something else on a line says so", async () => {
    const layer = await open("x.jsonl", [head, part("a"), '{"type": "Boom"}'].join("\n"));
    expect(leftOf(layer)).toEqual({ "bad-record": 1 });
  });

  test("with more vertices than a browser can draw is refused with the limit", async () => {
    const many = JSON.stringify({
      type: "CityJSONFeature",
      CityObjects: {},
      vertices: Array(600_000).fill(0),
    });
    expect(await refusalWithFacts("x.jsonl", [head, many, many].join("\n"))).toEqual({
      reason: "cityjson-vertices",
      facts: { limit: 1_000_000 },
    });
  });
});

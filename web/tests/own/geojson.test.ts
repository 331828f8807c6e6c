import { describe, expect, test } from "vitest";
import { apart, leftOf, notesOf, open, refusal, refusalWithFacts } from "./opening";

const HERE = [4.9, 52.37];
const point = (coordinates: unknown) => ({ type: "Point", coordinates });
const feature = (geometry: unknown, properties: unknown = {}, more: object = {}) => ({
  type: "Feature",
  geometry,
  properties,
  ...more,
});
const collection = (features: unknown[], more: object = {}) => ({
  type: "FeatureCollection",
  features,
  ...more,
});
const crs = (name: string) => ({ crs: { type: "name", properties: { name } } });

describe("what is taken", () => {
  test("a collection becomes a layer with ids, titles, columns and a box", async () => {
    const layer = await open(
      "mijn_bomen.geojson",
      collection([
        feature(point([4.9, 52.37]), { naam: "Eik", hoogte: 12, oud: true }, { id: 7 }),
        feature(point([4.92, 52.38]), { naam: null, hoogte: 3.5, geplant: "2019-03-01" }, { id: "b" }),
      ]),
      { layer: "own-1" },
    );
    expect(layer.title).toBe("mijn bomen");
    expect(layer.kind).toBe("shapes");
    expect(layer.features.map(({ id, layer, title }) => [id, layer, title])).toEqual([
      ["7", "own-1", "Eik"],
      ["b", "own-1", "b"],
    ]);
    expect(layer.columns).toEqual([
      { name: "naam", title: { nl: "naam" }, type: "text" },
      { name: "hoogte", title: { nl: "hoogte" }, type: "number" },
      { name: "oud", title: { nl: "oud" }, type: "boolean" },
      { name: "geplant", title: { nl: "geplant" }, type: "date" },
    ]);
    expect(layer.bbox).toEqual([4.9, 52.37, 4.92, 52.38]);
    expect(layer.counted).toEqual({ taken: 2, leftOut: [] });
    expect(layer.notes).toEqual([]);
  });

  test.each([
    ["a feature", feature(point(HERE)), "Point"],
    ["a bare geometry", { type: "LineString", coordinates: [HERE, [4.91, 52.37]] }, "LineString"],
    ["an old program's byte order mark", `\uFEFF${JSON.stringify(point(HERE))}`, "Point"],
  ])("%s alone is a layer of one", async (_, content, type) => {
    const layer = await open("een.json", content);
    expect(layer.features.map((each) => each.geometry?.type)).toEqual([type]);
  });

  test("a geometry collection is split, and says so", async () => {
    const both = { type: "GeometryCollection", geometries: [point(HERE), point([4.91, 52.4])] };
    const layer = await open("x.geojson", feature(both, { naam: "Twee" }, { id: "t" }));
    expect(layer.features.map(({ id, title }) => [id, title])).toEqual([
      ["t-1", "Twee"],
      ["t-2", "Twee"],
    ]);
    expect(notesOf(layer)).toEqual(["split"]);
  });

  test("two objects with the same id stay two", async () => {
    const twice = collection([feature(point(HERE), {}, { id: 1 }), feature(point(HERE), {}, { id: 1 })]);
    const layer = await open("x.geojson", twice);
    expect(new Set(layer.features.map(({ id }) => id)).size).toBe(2);
  });

  test("a list becomes one text, and a nested value is written out", async () => {
    const layer = await open("x.geojson", feature(point(HERE), { a: ["wonen", "winkel"], b: { c: 1 } }));
    expect(layer.features[0]?.properties).toEqual({ a: "wonen, winkel", b: '{"c":1}' });
  });

  test("heights are dropped and open rings closed, and both are said", async () => {
    const ring = [
      [4.9, 52.3, 1],
      [4.91, 52.3, 1],
      [4.91, 52.31, 1],
      [4.9, 52.31, 1],
    ];
    const layer = await open("x.geojson", { type: "Polygon", coordinates: [ring] });
    expect(layer.features[0]?.geometry?.coordinates).toEqual([
      [
        [4.9, 52.3],
        [4.91, 52.3],
        [4.91, 52.31],
        [4.9, 52.31],
        [4.9, 52.3],
      ],
    ]);
    expect(notesOf(layer)).toEqual(["heights-dropped", "rings-closed"]);
  });
});

describe("which coordinates", () => {
  const RD = [120700.723, 487525.502];

  test("RD that is declared is converted, with its accuracy", async () => {
    const layer = await open(
      "x.geojson",
      collection([feature(point(RD))], crs("urn:ogc:def:crs:EPSG::28992")),
    );
    expect(
      apart(layer.features[0]?.geometry?.coordinates as number[], [4.88352219, 52.37453054]),
    ).toBeLessThan(0.25);
    expect(notesOf(layer)).toEqual(["rd-accuracy"]);
  });

  test("RD that is not declared is recognised, and that is said", async () => {
    const layer = await open("x.geojson", feature(point(RD)));
    expect(layer.bbox?.[0]).toBeCloseTo(4.8835, 4);
    expect(notesOf(layer)).toEqual(["rd-accuracy", "taken-as-rd"]);
  });

  test("exchanged degrees are noticed but not mended, until the reader asks", async () => {
    const turned = feature(point([52.37, 4.9]));
    const layer = await open("x.geojson", turned);
    expect(layer.features[0]?.geometry?.coordinates).toEqual([52.37, 4.9]);
    expect(notesOf(layer)).toEqual(["swapped"]);
    const mended = await open("x.geojson", turned, { swapped: true });
    expect(mended.features[0]?.geometry?.coordinates).toEqual(HERE);
    expect(notesOf(mended)).toEqual(["was-swapped"]);
  });

  test("exchanged RD is refused until the reader asks", async () => {
    const turned = feature(point([487525, 120700]));
    expect(await refusal("x.geojson", turned)).toBe("rd-swapped");
    expect((await open("x.geojson", turned, { swapped: true })).bbox?.[1]).toBeCloseTo(52.3745, 3);
  });

  test("another system is refused by its name", async () => {
    const mercator = collection([feature(point([545000, 6868000]))], crs("EPSG:3857"));
    expect(await refusalWithFacts("x.geojson", mercator)).toEqual({
      reason: "crs",
      facts: { crs: "EPSG:3857" },
    });
  });

  test("metres of an unknown system are refused with an example", async () => {
    const found = await refusalWithFacts("x.geojson", feature(point([545000, 6868000])));
    expect(found).toEqual({ reason: "coordinates", facts: { x: "545000", y: "6868000" } });
  });

  test("what lies outside the system of the others is left out", async () => {
    const layer = await open(
      "x.geojson",
      collection([...[1, 2, 3].map(() => feature(point(RD))), feature(point([0, 0]))]),
    );
    expect(layer.features).toHaveLength(3);
    expect(leftOf(layer)).toEqual({ outside: 1 });
  });
});

describe("what is left out", () => {
  test.each([
    ["no geometry", feature(null), "no-geometry"],
    ["an empty shape", feature({ type: "Polygon", coordinates: [] }), "no-geometry"],
    ["an empty collection", feature({ type: "GeometryCollection", geometries: [] }), "no-geometry"],
    ["text as a coordinate", feature(point(["4.9", "52.3"])), "bad-geometry"],
    ["null as a coordinate", feature(point([null, 52.3])), "bad-geometry"],
    ["one number", feature(point([4.9])), "bad-geometry"],
    ["a line of one place", feature({ type: "LineString", coordinates: [HERE] }), "bad-geometry"],
    ["a ring of two places", feature({ type: "Polygon", coordinates: [[HERE, HERE]] }), "bad-geometry"],
    ["an empty part", feature({ type: "MultiPolygon", coordinates: [[]] }), "bad-geometry"],
    ["an unknown type", feature({ type: "Circle", coordinates: HERE }), "bad-geometry"],
    ["a type from the prototype", feature({ type: "constructor", coordinates: HERE }), "bad-geometry"],
    ["coordinates of another type", feature({ type: "Polygon", coordinates: HERE }), "bad-geometry"],
    [
      "a bad part of a collection",
      feature({ type: "GeometryCollection", geometries: [point(HERE), 3] }),
      "bad-geometry",
    ],
    ["what is no feature", { type: "Boom" }, "bad-record"],
    ["null", null, "bad-record"],
    ["a number", 12, "bad-record"],
  ])("%s is counted, and the rest is shown", async (_, record, reason) => {
    const layer = await open("x.geojson", collection([record, feature(point(HERE))]));
    expect(layer.features).toHaveLength(1);
    expect(leftOf(layer)).toEqual({ [reason]: 1 });
  });

  test("a file of which nothing is left is refused with the number", async () => {
    const found = await refusalWithFacts("x.geojson", collection([feature(null), feature(null)]));
    expect(found).toEqual({ reason: "nothing", facts: { count: 2 } });
  });

  test("NaN, which is no JSON, costs one object and not the file", async () => {
    const text = JSON.stringify(
      collection([
        feature(point([4.9, 111])),
        feature(point(HERE), { naam: "NaN, of \\ niets", waarde: 222 }),
      ]),
    );
    const layer = await open("x.geojson", text.replace("111", "NaN").replace("222", "-Infinity"));
    expect(leftOf(layer)).toEqual({ "bad-geometry": 1 });
    expect(layer.features[0]?.properties).toEqual({ naam: "NaN, of \\ niets", waarde: null });
  });
});

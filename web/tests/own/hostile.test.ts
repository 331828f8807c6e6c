/** Files that are meant to harm, or are no files of the kind that they claim. */

import { expect, test } from "vitest";
import { LIMITS } from "../../src/own/limits";
import { openOwn } from "../../src/own/open";
import { OwnError } from "../../src/own/own-error";
import { bytesOf, leftOf, notesOf, open, refusal } from "./opening";

const POINT = '{"type":"Point","coordinates":[4.9,52.37]}';
const feature = (properties: string) => `{"type":"Feature","geometry":${POINT},"properties":${properties}}`;

test.each([
  ["niets.json", "", "empty"],
  ["spaties.csv", " \n\t ", "empty"],
  ["foto.png", "\u0089PNG", "kind-unknown"],
  ["pagina.html", "<html>", "kind-unknown"],
  ["kapot.geojson", "<html>", "json"],
  ["half.geojson", '{"type":"Feature"', "json"],
  ["lijst.json", "[1,2]", "kind-unknown"],
  ["anders.json", '{"type":"Topology"}', "kind-unknown"],
  ["zip.csv", "PK\u0003\u0004", "zipped"],
  ["oud.glb", `glTF\u0001\u0000\u0000\u0000${" ".repeat(20)}`, "glb-version"],
  ["geen.glb", "<html>", "glb-magic"],
  ["leeg.geojson", '{"type":"FeatureCollection"}', "nothing"],
])("%s is refused with a reason", async (name, text, reason) => {
  expect(await refusal(name, text)).toBe(reason);
});

test("a compressed file is refused as such", async () => {
  expect(await refusal("x.geojson.gz", new Uint8Array([0x1f, 0x8b, 8, 0]))).toBe("zipped");
});

test.each([
  "[",
  '{"a":',
  '{"type":"GeometryCollection","geometries":[',
])("a hundred thousand times %s is refused before it is parsed", async (open) => {
  expect(await refusal("x.json", open.repeat(100_000))).toBe("json-deep");
});

test("brackets in a text are not depth", async () => {
  const layer = await open("x.json", feature(`{"a":"${"[{".repeat(100)}\\"[[","b":"\\\\"}`));
  expect(layer.features[0]?.properties.b).toBe("\\");
});

test("text that is not UTF-8 is refused in JSON", async () => {
  expect(await refusal("x.json", new Uint8Array([...bytesOf('{"a":"'), 0xe9, ...bytesOf('"}')]))).toBe(
    "encoding",
  );
});

test.each([
  "__proto__",
  "constructor",
  "prototype",
])("an attribute called %s reaches nothing", async (name) => {
  const layer = await open("x.geojson", feature(`{"${name}":{"vuil":1},"naam":"A"}`));
  const properties = layer.features[0]?.properties ?? {};
  expect(Object.keys(properties)).toEqual(["naam"]);
  expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>).vuil).toBeUndefined();
  expect(notesOf(layer)).toEqual(["names-left-out"]);
  const table = await open("x.csv", `lat,lon,${name}\n52.1,4.9,vuil`);
  expect(Object.keys(table.features[0]?.properties ?? {})).toEqual(["lat", "lon"]);
});

test("city objects with names of the prototype are objects like any other", async () => {
  const head = '"type":"CityJSON","version":"2.0","vertices":[[120700,487500,0]]';
  const object = '{"type":"Building","geometry":[{"type":"MultiPoint","boundaries":[0]}]';
  const layer = await open(
    "x.json",
    `{${head},"CityObjects":{"__proto__":${object}},"constructor":${object},"parents":["__proto__"]}}}`,
  );
  expect(layer.features.map(({ id }) => id)).toEqual(["__proto__"]);
});

test("a text is cut, and said to be", async () => {
  const layer = await open("x.geojson", feature(`{"a":"${"x".repeat(1_500)}","b":["${"y".repeat(3_000)}"]}`));
  expect(Object.values(layer.features[0]?.properties ?? {}).map((each) => String(each).length)).toEqual([
    1000, 1000,
  ]);
  expect(layer.notes).toEqual([{ code: "text-cut", facts: { count: 2 } }]);
});

test("columns beyond five hundred are left out, and said to be", async () => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, i]));
  const layer = await open("x.geojson", feature(JSON.stringify(many)));
  expect(layer.columns).toHaveLength(LIMITS.columns);
  expect(layer.notes).toEqual([{ code: "columns-left-out", facts: { count: 100 } }]);
});

test("objects beyond twenty thousand are counted as too many", async () => {
  const all = Array.from({ length: 20_005 }, () => feature("null")).join(",");
  const layer = await open("x.geojson", `{"type":"FeatureCollection","features":[${all}]}`);
  expect(layer.features).toHaveLength(20_000);
  expect(leftOf(layer)).toEqual({ "too-many": 5 });
});

test("vertices beyond a million are not kept", async () => {
  const line = `{"type":"LineString","coordinates":[${Array(600_000).fill("[4.9,52.3]").join(",")}]}`;
  const layer = await open(
    "x.geojson",
    `{"type":"GeometryCollection","geometries":[${line},${line},${POINT}]}`,
  );
  expect(layer.features.map(({ geometry }) => geometry?.type)).toEqual(["LineString", "Point"]);
  expect(leftOf(layer)).toEqual({ "too-many-vertices": 1 });
});

test("a header of half a million cells is refused", async () => {
  expect(await refusal("x.csv", `lat,lon${",a".repeat(500_000)}\n52.1,4.9`)).toBe("csv-wide");
});

test("a table of a thousand columns keeps five hundred", async () => {
  const text = `lat,lon${",a".repeat(1_000)}\n52.1,4.9${",1".repeat(1_000)}`;
  const layer = await open("x.csv", text);
  expect(layer.columns.length).toBeLessThanOrEqual(LIMITS.columns);
  expect(notesOf(layer)).toContain("columns-left-out");
});

test("a table without an end of line is refused", async () => {
  expect(await refusal("x.csv", "a".repeat(5_000_000))).toBe("csv-rows");
});

test("a file that is too large is refused without being read", async () => {
  const file = {
    name: "x.csv",
    size: LIMITS.fileBytes + 1,
    arrayBuffer: () => Promise.reject(new Error("read")),
  };
  await expect(openOwn(file as unknown as File)).rejects.toMatchObject({
    reason: "too-large",
    facts: { limit: 50 },
  });
});

test("a file that cannot be read is refused with a reason", async () => {
  const file = { name: "x.csv", size: 10, arrayBuffer: () => Promise.reject(new DOMException("gone")) };
  await expect(openOwn(file as unknown as File)).rejects.toBeInstanceOf(OwnError);
});

test("a File of the browser is opened", async () => {
  const layer = await openOwn(new File([POINT], "map/plek.geojson"));
  expect(layer.title).toBe("plek");
});

/** Bytes changed at random, always the same: whatever happens, it is a layer or a reason. */
test.each([
  ["x.geojson", `{"type":"FeatureCollection","features":[${feature('{"a":[1,{"b":2}]}')},${POINT}]}`],
  ["x.csv", 'naam;wkt;x\n"A;""b";"POLYGON((4.9 52,4.91 52,4.9 52.1,4.9 52))";1,5\nB;POINT(4 52);2'],
  [
    "x.city.json",
    '{"type":"CityJSON","version":"2.0","transform":{"scale":[1,1,1],"translate":[120700,487500,0]},"CityObjects":{"a":{"type":"Building","geometry":[{"type":"Solid","lod":"2","boundaries":[[[[0,1,2]],[[0,1,3]]]],"semantics":{"surfaces":[{"type":"RoofSurface"}],"values":[[0,null]]}}]}},"vertices":[[0,0,0],[9,0,0],[9,9,0],[0,0,9]]}',
  ],
])("a thousand broken copies of %s each give a layer or a reason", async (name, text) => {
  const marks = '[]{}",:;0123456789-.e()\n\\ nullNaN';
  let seed = 12_345;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let copy = 0; copy < 1_000; copy += 1) {
    let broken = text;
    for (let change = 0; change <= random(4); change += 1) {
      const at = random(broken.length);
      broken = broken.slice(0, at) + (marks[random(marks.length)] ?? "") + broken.slice(at + random(3));
    }
    try {
      const layer = await open(name, broken);
      expect(layer.features.length, broken).toBeGreaterThan(0);
      expect(layer.bbox?.every(Number.isFinite), broken).toBe(true);
    } catch (error) {
      if (!(error instanceof OwnError)) throw new Error(`${String(error)}: ${broken}`, { cause: error });
    }
  }
});

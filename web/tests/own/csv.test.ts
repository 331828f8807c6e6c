import { describe, expect, test } from "vitest";
import { parseWkt } from "../../src/own/wkt";
import { apart, leftOf, notesOf, open, refusal, refusalWithFacts } from "./opening";

const places = async (content: string | Uint8Array) =>
  (await open("plekken.csv", content)).features.map((each) => each.geometry?.coordinates);

describe("where the place stands", () => {
  test.each([
    ["comma", "naam,lat,lon\nA,52.37,4.9\n"],
    ["semicolon and decimal comma", "naam;lat;lon\nA;52,37;4,9\n"],
    ["tab", "naam\tlat\tlon\nA\t52.37\t4.9\n"],
    ["other names", "Naam;Latitude;Longitude\nA;52.37;4.9"],
    ["lng", "lng,lat\n4.9,52.37"],
    ["capitals and spaces", " LAT , LON \n 52.37 , 4.9 "],
    ["x and y in degrees", "x,y\n4.9,52.37"],
    ["quotes", '"naam";"lat";"lon"\r\n"Een ""echte""; plek";"52,37";"4,9"\r\n'],
    ["commas in a text of a table with semicolons", "tekst, met komma;lat;lon\na,b,c,d,e;52,37;4,9"],
    ["Excel's own first line", "sep=;\r\nlat;lon\r\n52,37;4,9\r\n"],
    ["a byte order mark", "\uFEFFlat;lon\n52.37;4.9"],
    ["well-known text", 'naam,wkt\nA,"POINT(4.9 52.37)"\n'],
    [
      "well-known text with an SRID",
      "geom;naam\nSRID=4326;POINT (4.9 52.37);A".replace(
        "SRID=4326;POINT (4.9 52.37)",
        '"SRID=4326;POINT (4.9 52.37)"',
      ),
    ],
  ])("%s", async (_, text) => {
    expect(await places(text)).toEqual([[4.9, 52.37]]);
  });

  test.each([
    "x,y",
    "rd_x,rd_y",
    "RD-X;RD-Y",
    "X-coördinaat;Y-coördinaat",
    "rdx\trdy",
  ])("RD in %s", async (header) => {
    const mark = /[,;\t]/.exec(header)?.[0];
    const [place] = await places(`${header}\n120700.723${mark}487525.502\n`);
    expect(apart(place as number[], [4.88352219, 52.37453054])).toBeLessThan(0.25);
  });

  test("shapes of every kind", async () => {
    const layer = await open(
      "x.csv",
      [
        "id;geom",
        "1;POINT Z (4.9 52.37 3)",
        "2;MULTIPOINT((4.9 52.37),(4.91 52.37))",
        "3;LINESTRING(4.9 52.37, 4.91 52.37)",
        "4;POLYGON((4.9 52.3,4.91 52.3,4.91 52.31,4.9 52.3))",
        "5;multipolygon(((4.9 52.3,4.91 52.3,4.91 52.31,4.9 52.3)))",
        "6;MULTILINESTRING((4.9 52.37, 4.91 52.37))",
      ].join("\n"),
    );
    expect(layer.features.map((each) => each.geometry?.type)).toEqual([
      "Point",
      "MultiPoint",
      "LineString",
      "Polygon",
      "MultiPolygon",
      "MultiLineString",
    ]);
    expect(layer.columns.map(({ name }) => name)).toEqual(["id"]);
  });

  test("well-known text in RD says so by its SRID or by its numbers", async () => {
    const layer = await open(
      "x.csv",
      'wkt\n"SRID=28992;POINT(120700 487525)"\n"SRID=3857;POINT(1 2)"\n"SRID=4326;POINT(4 52)"',
    );
    expect(layer.bbox?.[0]).toBeCloseTo(4.8835, 3);
    expect(notesOf(layer)).toEqual(["rd-accuracy"]);
    expect(leftOf(layer)).toEqual({ "other-crs": 2 });
  });

  test("a table without a place is refused with its columns", async () => {
    expect(await refusalWithFacts("x.csv", "naam;straat\nA;B")).toEqual({
      reason: "csv-place",
      facts: { columns: "naam, straat" },
    });
  });
});

describe("what stands in the cells", () => {
  test("numbers are numbers, and codes with zeros in front stay text", async () => {
    const text =
      "lat;lon;code;prijs;aantal;gemengd;ja\n52,1;4,9;0363;1,50;3;1.234,5;ja\n52,2;4,8;0400;2,75;;x;nee\n";
    const layer = await open("x.csv", text);
    expect(layer.features.map((each) => each.properties)).toEqual([
      { lat: 52.1, lon: 4.9, code: "0363", prijs: 1.5, aantal: 3, gemengd: "1.234,5", ja: true },
      { lat: 52.2, lon: 4.8, code: "0400", prijs: 2.75, aantal: null, gemengd: "x", ja: false },
    ]);
    expect(Object.fromEntries(layer.columns.map(({ name, type }) => [name, type]))).toMatchObject({
      code: "text",
      prijs: "number",
      aantal: "integer",
      ja: "boolean",
    });
  });

  test("Windows text is read as such, and that is said", async () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode("naam;lat;lon\nCaf"),
      0xe9,
      ...new TextEncoder().encode(";52,1;4,9"),
    ]);
    const layer = await open("x.csv", bytes);
    expect(layer.features[0]?.title).toBe("Café");
    expect(notesOf(layer)).toEqual(["windows-1252"]);
  });

  test("Excel's Unicode text (UTF-16) is read", async () => {
    const text = "\uFEFFnaam\tlat\tlon\nCafé\t52,1\t4,9";
    const bytes = new Uint8Array(
      [...text].flatMap((each) => [each.charCodeAt(0) & 255, each.charCodeAt(0) >> 8]),
    );
    expect((await open("x.txt", bytes)).features[0]?.title).toBe("Café");
  });

  test("columns with the same or no name each keep a name of their own", async () => {
    const layer = await open("x.csv", "lat,lon,a,a,\n52.1,4.9,1,2,3");
    expect(Object.keys(layer.features[0]?.properties ?? {})).toEqual(["lat", "lon", "a", "a (4)", "kolom 5"]);
  });

  test("rows that are too short are filled up, too long or without a place left out", async () => {
    const layer = await open(
      "x.csv",
      "lat,lon,a\n52.1,4.9\n52.1,4.9,x,y\n\n,4.9,x\nnoord,4.9,x\n52.2,4.9,x,\n",
    );
    expect(layer.features.map(({ properties }) => properties.a)).toEqual([null, "x"]);
    expect(leftOf(layer)).toEqual({ "bad-row": 1, "no-coordinates": 2 });
  });

  test("a quotation mark that never closes is refused with its row", async () => {
    const found = await refusalWithFacts("x.csv", 'lat,lon,a\n52.1,4.9,b\n52.1,4.9,"c\n52.1,4.9,d\n');
    expect(found).toEqual({ reason: "csv-quote", facts: { row: 3 } });
  });

  test("a table of which no row fits is refused with their number", async () => {
    const found = await refusalWithFacts("x.csv", "lat,lon\n52.1,4.9,x\n52.1,4.9,y\n");
    expect(found).toEqual({ reason: "nothing", facts: { count: 2 } });
  });

  test("a header alone is refused", async () => {
    expect(await refusal("x.csv", "lat,lon\n")).toBe("csv-rows");
  });
});

test.each([
  "POINT(1)",
  "POINT(1 2",
  "POINT(1 2))",
  "POINT(1 2) x",
  "POINT(a b)",
  "POINT(1 2 3 4 5)",
  "LINESTRING((1 2,3 4))",
  "POLYGON(1 2,3 4)",
  "MULTIPOLYGON((((((((1 2))))))))",
  "CURVEPOLYGON((1 2))",
  "POINT",
  "",
])("%s is no well-known text", (text) => {
  expect(parseWkt(text)).toBeNull();
});

test("an empty shape is a shape without a place", async () => {
  const layer = await open("x.csv", "wkt\nPOINT(4.9 52)\nPOINT EMPTY\nniets\n");
  expect(leftOf(layer)).toEqual({ "no-geometry": 1, "bad-geometry": 1 });
});

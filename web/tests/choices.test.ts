import { expect, test } from "vitest";
import { failureOf } from "../src/api/client";
import type { Layer, PickedObject, StyleRole } from "../src/api/shapes";
import { boundsOf } from "../src/state/bounds";
import { choosePicked } from "../src/state/choose-picked";
import { firstLayers, questions } from "../src/state/questions";
import { Words } from "../src/words/words";

function layer(id: string, role: StyleRole, more: object = {}): Layer {
  const { placeKind = "", count = 1, ...style } = more as { placeKind?: string; count?: number };
  const theme = { nl: id };
  return { id, theme, kind: "areas", placeKind, count, style: { role, ...style } } as unknown as Layer;
}

const AGED = layer("gebouwen", "building", {
  classes: { bouwjaar: [{ colour: "#000", label: { nl: "" } }] },
});
const LAYERS = [
  AGED,
  layer("water", "water"),
  layer("wegen", "street"),
  layer("buurten", "boundary", { visible: false, placeKind: "neighbourhood", count: 9 }),
];
const found = (id: string, distanceM: number, title = id): PickedObject => ({
  layer: id,
  id,
  title,
  distanceM,
});

test("a house wins from the neighbourhood around it and the water beside it", () => {
  const objects = [found("buurten", 0), found("water", 3), found("gebouwen", 0)];
  expect(choosePicked(objects, LAYERS)?.layer).toBe("gebouwen");
});

test("inside a neighbourhood, a house some metres away is not meant", () => {
  expect(choosePicked([found("gebouwen", 4), found("buurten", 0)], LAYERS)?.layer).toBe("buurten");
});

test("nothing there is nothing chosen", () => {
  expect(choosePicked([], LAYERS)).toBeNull();
});

test("only questions that the layers can answer are asked", () => {
  expect(questions(LAYERS, ["gebouwen"]).map((one) => one.id)).toEqual(["age", "nature", "neighbourhood"]);
  expect(questions([layer("gebouwen", "building")], [])).toEqual([]);
});

test("the neighbourhood is asked of the finest named areas and of no other areas", () => {
  const wide = layer("wijken", "boundary", { placeKind: "neighbourhood", count: 3 });
  const asked = questions([wide, ...LAYERS, layer("geluid", "area")], []).at(-1);
  expect(asked?.layers.map((one) => one.id)).toEqual(["buurten"]);
  expect(questions([layer("geluid", "area")], [])).toEqual([]);
});

test("a question shows the layers it is about and keeps the others", () => {
  const asked = questions(LAYERS, firstLayers(LAYERS)).find((one) => one.id === "neighbourhood");
  expect(asked?.change.layers).toEqual(["gebouwen", "water", "wegen", "buurten"]);
});

test("bounds hold every point of a shape", () => {
  const coordinates = [
    [
      [
        [4, 52],
        [5, 52],
        [5, 53],
        [4, 52],
      ],
    ],
    [
      [
        [6, 51],
        [6, 52],
        [5, 52],
        [6, 51],
      ],
    ],
  ];
  expect(boundsOf({ type: "MultiPolygon", coordinates })).toEqual([4, 51, 6, 53]);
  expect(boundsOf({ type: "Point", coordinates: [4, 52] })).toEqual([4, 52, 4, 52]);
  expect(boundsOf({ type: "LineString", coordinates: [] })).toBeNull();
});

test("a failed request leads to the state with its sentence", () => {
  expect([401, 403, 404, 410, 500, 503].map(failureOf)).toEqual([
    "forbidden",
    "forbidden",
    "absent",
    "absent",
    "failed",
    "failed",
  ]);
});

test("words fill their names, fall back to Dutch and write dates and numbers as people do", () => {
  const nl = new Words("nl", { a: "{count} van {total}" });
  expect(nl.say("a", { count: 1, total: 2 })).toBe("1 van 2");
  expect(nl.say("b")).toBe("b");
  expect(new Words("en", {}).text({ nl: "gracht", en: "" })).toBe("gracht");
  expect([nl.date("2026-04-01"), nl.date("2023-06"), nl.date("2015")]).toEqual([
    "1 april 2026",
    "juni 2023",
    "2015",
  ]);
  expect(nl.number(21648)).toBe("21.648");
});

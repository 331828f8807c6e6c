import { describe, expect, test } from "vitest";
import nl from "../../tweestad/i18n/nl.json";
import type { Column, ColumnSummary, Layer } from "../src/api/shapes";
import { knownBase, leftOut } from "../src/drawing/base-looks";
import { classOf, colourOf } from "../src/drawing/legend";
import { conditionOf } from "../src/parts/filter-form";
import { Counts } from "../src/state/counts";
import { foundLayers, themesOf } from "../src/state/layer-search";
import { PanelMemory } from "../src/state/panel-memory";
import { mainQuestions } from "../src/state/questions";
import { conditionWords } from "../src/words/conditions";
import { Words } from "../src/words/words";

const words = new Words("nl", nl);
const YEAR: Column = { name: "bouwjaar", title: { nl: "Bouwjaar" }, type: "integer", colourable: true };
const HEIGHT: Column = { name: "hoogte", title: { nl: "Hoogte" }, type: "number", unit: "m" };
const USE: Column = {
  name: "gebruik",
  title: { nl: "Gebruik" },
  type: "codes",
  codes: { w: { nl: "wonen" } },
};

function layer(id: string, more: object = {}): Layer {
  const named = {
    title: { nl: id, en: "" },
    theme: { nl: "Thema" },
    source: "BAG",
    columns: [YEAR],
    count: 3,
  };
  return { id, kind: "points", style: { role: "plain" }, ...named, ...more } as unknown as Layer;
}

describe("the six questions", () => {
  const wells = layer("peilbuizen", { questions: ["groundwater"] });
  const energy = layer("energie", { kind: "areas", questions: ["energy"] });
  const empty = layer("lucht", { questions: ["air"], count: 0 });

  test("a question leads to the layers that say they bear on it, coloured where that tells something", () => {
    const asked = mainQuestions([wells, energy, empty], ["water"]);
    const answered = asked.filter((one) => one.question !== null);
    expect(answered.map((one) => one.id)).toEqual(["groundwater", "energy"]);
    expect(answered[0]?.question?.change).toMatchObject({ layers: ["water", "peilbuizen"], looks: {} });
    expect(answered[1]?.question?.change.looks).toEqual({ energie: { colour: "bouwjaar" } });
  });

  test("all six are asked, and what nobody can answer has no question and comes last", () => {
    const asked = mainQuestions([energy], []);
    expect(asked).toHaveLength(6);
    expect(asked.map((one) => one.question === null)).toEqual([false, true, true, true, true, true]);
  });
});

describe("a question about what is measured now", () => {
  const measured = [
    { id: "lucht", theme: { nl: "Lucht en geluid" } },
    { id: "haltes", theme: { nl: "Openbaar vervoer" } },
  ];

  test("it switches on the live layers that bear on it, as they are now", () => {
    const [air, ...others] = mainQuestions([], ["water"], measured);
    expect(air?.id).toBe("air");
    expect(air?.question).toMatchObject({
      live: ["lucht"],
      themes: ["Lucht en geluid"],
      change: { layers: ["water"], live: [{ layer: "lucht", observed: "" }], moment: null },
    });
    expect(others.every(({ question }) => question === null)).toBe(true);
  });
});

describe("searching the layers", () => {
  const layers = [
    layer("Water", { description: { nl: "Grachten en sloten" } }),
    layer("Cafés", { theme: { nl: "Uitgaan" }, source: "OpenStreetMap", columns: [] }),
  ];

  test("a layer is found by its title, description, source, theme and columns, without accents", () => {
    const found = (q: string) => foundLayers(layers, q).map((one) => one.id);
    expect([found("gracht"), found("openstreet"), found("cafes"), found("uit"), found("bouwjaar")]).toEqual([
      ["Water"],
      ["Cafés"],
      ["Cafés"],
      ["Cafés"],
      ["Water"],
    ]);
    expect(found("water sloten")).toEqual(["Water"]);
    expect(found("ater")).toEqual([]);
    expect(found("  ")).toHaveLength(2);
  });

  test("themes keep the order of the twin", () => {
    expect(themesOf(layers).map((one) => [one.name, one.layers.length])).toEqual([
      ["Thema", 1],
      ["Uitgaan", 1],
    ]);
  });
});

describe("what is open", () => {
  test("a theme with a layer on is open and stays so when that layer goes off", () => {
    const memory = new PanelMemory(() => {});
    expect([memory.themeOpen("a", true), memory.themeOpen("b", false), memory.themeOpen("a", false)]).toEqual(
      [true, false, true],
    );
    memory.openTheme("a", false);
    expect(memory.themeOpen("a", true)).toBe(false);
  });

  test("after a question only its own themes are open", () => {
    const memory = new PanelMemory(() => {});
    memory.themeOpen("a", true);
    memory.openOnly(["b"]);
    expect([memory.themeOpen("a", true), memory.themeOpen("b", true)]).toEqual([false, true]);
  });
});

describe("conditions in words", () => {
  const summary = {
    values: [{ value: "k", label: { nl: "kantoor" }, count: 2 }],
  } as unknown as ColumnSummary;

  test.each([
    [{ column: "bouwjaar", to: 1850 }, YEAR, "Bouwjaar: tot en met 1850"],
    [
      { column: "bouwjaar", from: 1900, to: 1950, unknown: true },
      YEAR,
      "Bouwjaar: 1900 tot en met 1950 of onbekend",
    ],
    [{ column: "hoogte", from: 12.5 }, HEIGHT, "Hoogte: vanaf 12,5 m"],
    [{ column: "gebruik", values: ["w", "k"] }, USE, "Gebruik: wonen of kantoor"],
    [{ column: "weg", unknown: true }, undefined, "weg: onbekend"],
  ])("%o", (condition, column, said) => {
    expect(conditionWords(condition, column, summary, words)).toBe(said);
  });
});

describe("the form of a condition", () => {
  const years = { name: "bouwjaar", kind: "number" } as ColumnSummary;
  const uses = { name: "gebruik", kind: "category" } as ColumnSummary;
  const filled = (values: readonly (readonly [string, string])[]) => {
    const data = new FormData();
    for (const [name, value] of values) data.append(name, value);
    return data;
  };

  test("numbers are read as people here write them", () => {
    expect(
      conditionOf(
        filled([
          ["from", "1.650"],
          ["to", "12.345,5"],
        ]),
        years,
      ),
    ).toEqual({
      column: "bouwjaar",
      from: 1650,
      to: 12345.5,
    });
    expect(
      conditionOf(
        filled([
          ["to", " 1850 "],
          ["unknown", "on"],
        ]),
        years,
      ),
    ).toEqual({
      column: "bouwjaar",
      to: 1850,
      unknown: true,
    });
  });

  test("what makes no condition is said in a sentence of the catalogue", () => {
    const faults = [
      conditionOf(filled([["from", "oud"]]), years),
      conditionOf(
        filled([
          ["from", "2"],
          ["to", "1"],
        ]),
        years,
      ),
      conditionOf(filled([]), years),
      conditionOf(filled([["value", " "]]), uses),
    ];
    expect(faults.every((fault) => typeof fault === "string" && fault in nl)).toBe(true);
    expect(new Set(faults).size).toBe(3);
  });

  test("categories are any of those that are ticked", () => {
    const made = conditionOf(
      filled([
        ["value", "w"],
        ["value", "k"],
      ]),
      uses,
    );
    expect(made).toEqual({ column: "gebruik", values: ["w", "k"] });
  });
});

test("a count is asked once, told when it is there, and is nothing when the server does not know it", async () => {
  const asked: string[] = [];
  const counts = new Counts(async (one, where) => {
    asked.push(`${one}?${where.join("&")}`);
    return one === "gebouwen" ? 12 : null;
  });
  let told = 0;
  counts.subscribe(() => {
    told += 1;
  });
  const where = [{ column: "bouwjaar", to: 1850 }];
  expect([counts.of("gebouwen", where), counts.of("gebouwen", where), counts.of("water", where)]).toEqual([
    null,
    null,
    null,
  ]);
  await Promise.resolve();
  await Promise.resolve();
  expect([counts.of("gebouwen", where), counts.of("water", where), told]).toEqual([12, null, 1]);
  expect(asked).toEqual(["gebouwen?bouwjaar:..1850", "water?bouwjaar:..1850"]);
});

test("a class without value and bounds takes what the others leave, but not what is unknown", () => {
  const label = { nl: "x" };
  const classes = [
    { colour: "#111111", label, value: "w" },
    { colour: "#222222", label, value: null, lower: null, upper: null },
  ];
  expect([classOf("w", classes), classOf("iets", classes), classOf(null, classes)]).toEqual([0, 1, -1]);
  expect(colourOf(["x", "w"], classes)).toBe("#111111");
});

test("an unknown base map is paper, and one from elsewhere takes the place of the ground", () => {
  const others = [{ id: "lucht", title: { nl: "" }, url: "", attribution: "", licence: "" }];
  expect([knownBase("lucht", others), knownBase("weg", others), knownBase("plain", [])]).toEqual([
    "lucht",
    "paper",
    "plain",
  ]);
  expect([leftOut("lucht", "land"), leftOut("plain", "land"), leftOut("plain", "street")]).toEqual([
    true,
    false,
    true,
  ]);
  expect([leftOut("lucht", "buildings"), leftOut("paper", "street"), leftOut("contrast", "park")]).toEqual([
    false,
    false,
    false,
  ]);
});

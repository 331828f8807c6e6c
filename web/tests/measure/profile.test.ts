import { describe, expect, test } from "vitest";
import type { Feature } from "../../src/api/shapes";
import {
  blockAt,
  blocksOn,
  csvOf,
  extent,
  heightColumns,
  knownRuns,
  type Profile,
  roundSteps,
} from "../../src/measure/profile";

const COLUMNS = { height: "hoogte_m", foot: "maaiveld_nap_m" };
const LINE = [
  { lon: 4.899, lat: 52.3605 },
  { lon: 4.902, lat: 52.3605 },
];

function house(west: number, east: number, properties: Feature["properties"], title = "Huis"): Feature {
  const ring = [
    [west, 52.36],
    [east, 52.36],
    [east, 52.361],
    [west, 52.361],
    [west, 52.36],
  ];
  return {
    id: title,
    layer: "gebouwen",
    title,
    geometry: { type: "Polygon", coordinates: [ring] },
    properties,
  };
}

const sample = (alongM: number, napM: number | null) => ({ alongM, napM, lon: 4.9, lat: 52.36 });

describe("a section", () => {
  test("has a block for each building on the line, in its order, and counts those of unknown height", () => {
    const far = house(4.901, 4.9015, { hoogte_m: 5, maaiveld_nap_m: -1 }, "Ver");
    const near = house(4.9, 4.9005, { hoogte_m: 10, maaiveld_nap_m: 0.5 }, "Dichtbij");
    const unknown = house(4.8995, 4.8998, { hoogte_m: null, maaiveld_nap_m: 0.5 });
    const beside = house(5.1, 5.2, { hoogte_m: 10, maaiveld_nap_m: 0.5 });
    const found = blocksOn(LINE, [far, near, unknown, beside], COLUMNS);
    expect(found.blocks.map(({ title }) => title)).toEqual(["Dichtbij", "Ver"]);
    expect(found.blocks.map(({ roofNapM }) => roofNapM)).toEqual([10.5, 4]);
    expect(found.unknown).toBe(1);
  });

  test("knows a layer by what its columns mean, and not by their names", () => {
    const column = (name: string, term: string) => ({ name, term, title: { nl: name }, type: "number" });
    expect(heightColumns({ columns: [column("h", "hoogte"), column("m", "maaiveld")] })).toEqual({
      height: "h",
      foot: "m",
    });
    expect(heightColumns({ columns: [column("hoogte", "")] })).toBeNull();
  });

  test("leaves a gap where the ground is not known", () => {
    const ground = [sample(0, null), sample(1, 1), sample(2, 2), sample(3, null), sample(4, 3)];
    expect(knownRuns(ground).map((run) => run.map(({ alongM }) => alongM))).toEqual([[1, 2], [4]]);
    expect(knownRuns([sample(0, null)])).toEqual([]);
  });

  test("gives its table as CSV, with empty cells for what is not known and no formulas", () => {
    const block = { fromM: 0.5, toM: 1.5, baseNapM: 0, roofNapM: 9, title: '=1+1 "huis"' };
    const profile: Profile = {
      totalM: 2,
      ground: [sample(0, null), sample(1, 0.5)],
      blocks: [block],
      unknown: 0,
    };
    const [, first, second] = csvOf(profile, ["a"]).split("\r\n");
    expect(first).toBe("0.0,4.9000000,52.3600000,,,");
    expect(second).toBe('1.0,4.9000000,52.3600000,0.50,9.00,"\'=1+1 ""huis"""');
    expect(blockAt(profile.blocks, 2)).toBeNull();
    expect(extent(profile)).toEqual([0, 9]);
    expect(extent({ ...profile, ground: [], blocks: [] })).toBeNull();
  });

  test("has round numbers along its axes", () => {
    expect(roundSteps(0, 257, 7)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(roundSteps(-3, 21, 5)).toEqual([0, 5, 10, 15, 20]);
    expect(roundSteps(-0.4, 1.1, 5)).toEqual([0, 0.5, 1]);
  });
});

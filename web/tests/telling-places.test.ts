import { expect, test } from "vitest";
import type { MapLabel, Place } from "../src/api/shapes";
import { tellingPlaces } from "../src/state/telling-places";

const place = (label: string, kind: string, layer: string, lon = 4.9): Place => ({
  label,
  kind,
  layer,
  id: label + lon,
  lon,
  lat: 52.36,
});
const area = (text: string, lon: number) => ({ text, kind: "area", lon, lat: 52.36 }) as MapLabel;
const AREAS = [
  area("Plantage", 4.91),
  area("Oost", 4.95),
  { text: "Kade", kind: "street", lon: 4.9, lat: 52.36 } as MapLabel,
];
const WORDS = {
  kind: (kind: string) => `soort ${kind}`,
  noun: (layer: string) => `een van ${layer}`,
  near: (text: string) => `bij ${text}`,
};

test("a place says what it is, by the word of its layer where its kind says little", () => {
  const told = tellingPlaces(
    [
      place("Artis", "place", "haltes"),
      place("Artis", "park", "parken"),
      place("Artis", "street", "straten"),
    ],
    AREAS,
    WORDS,
  );
  expect(told).toEqual(["een van haltes", "soort park", "soort street"]);
});

test("places of one name and kind say near which neighbourhood they are", () => {
  const twins = [place("Kade", "street", "straten", 4.9), place("kade", "street", "straten", 4.96)];
  expect(tellingPlaces(twins, AREAS, WORDS)).toEqual([
    "soort street, bij Plantage",
    "soort street, bij Oost",
  ]);
  expect(tellingPlaces(twins, [], WORDS)).toEqual(["soort street", "soort street"]);
});

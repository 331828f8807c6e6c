import type { LiveAnswer, LiveFeature, LiveLayer, LiveProperties } from "../../src/live/shapes";

export function feature(id: string, more: Partial<LiveProperties> = {}): LiveFeature {
  return {
    id,
    geometry: { type: "Point", coordinates: [4.9, 52.37] },
    properties: {
      id,
      name: `Punt ${id}`,
      kind: "station",
      value: 12,
      text: "12 µg/m³",
      words: "12 µg/m³",
      phenomenon: "2026-11-24T10:00:00Z",
      expires: "2026-11-24T13:00:00Z",
      ageS: 600,
      stale: false,
      quality: "good",
      source: "bron",
      class: 1,
      ...more,
    },
  };
}

export function answer(
  version: number,
  features: readonly LiveFeature[],
  more: Partial<LiveAnswer> = {},
): LiveAnswer {
  return { version, features, complete: true, removed: [], ...more };
}

export function layer(id: string, more: Partial<LiveLayer> = {}): LiveLayer {
  const classes = [
    { from: null, to: 5, label: { nl: "minder dan 5" } },
    { from: 5, to: 15, label: { nl: "5 tot 15" } },
    { from: 15, to: null, label: { nl: "15 en meer" } },
  ];
  const norm = { name: { nl: "WHO-advieswaarde" }, limit: 15, period: "day" };
  return {
    id,
    title: { nl: id },
    description: { nl: "" },
    theme: { nl: "Lucht" },
    symbol: "dot",
    observed: { nl: "fijnstof" },
    unit: "µg/m³",
    classes,
    norm,
    properties: [
      { id: "pm25", title: { nl: "fijnstof" }, unit: "µg/m³", classes, norm },
      { id: "no2", title: { nl: "stikstofdioxide" }, unit: "µg/m³", classes: [], norm: null },
    ],
    staleAfterS: 10_800,
    countsFrom: "measured",
    sources: [
      {
        id: "bron",
        title: { nl: "Bron" },
        publisher: "Uitgever",
        licence: "CC0-1.0",
        recording: null,
        invented: false,
        state: "fresh",
        failure: "",
      },
    ],
    count: 2,
    ...more,
  };
}

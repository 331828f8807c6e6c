/** A section along a line: the ground, and the buildings that stand on the line. Metres, NAP. */

import type { Column, Feature, Layer } from "../api/shapes";
import { crossed, type LonLat, type Sample } from "./along";

export interface GroundSample extends Sample {
  /** Null where the ground was not measured. */
  readonly napM: number | null;
}

export interface Block {
  readonly fromM: number;
  readonly toM: number;
  readonly baseNapM: number;
  readonly roofNapM: number;
  readonly title: string;
}

export interface Profile {
  readonly totalM: number;
  readonly ground: readonly GroundSample[];
  /** In the order of the line. */
  readonly blocks: readonly Block[];
  /** Buildings on the line of which the height is not known. */
  readonly unknown: number;
}

/** The columns in which a layer keeps how high a building is, and where its foot lies. */
export interface HeightColumns {
  readonly height: string;
  readonly foot: string;
}

export function heightColumns(layer: Pick<Layer, "columns">): HeightColumns | null {
  const named = (term: string) => layer.columns.find((column: Column) => column.term === term)?.name;
  const [height, foot] = [named("hoogte"), named("maaiveld")];
  return height === undefined || foot === undefined ? null : { height, foot };
}

export function blocksOn(
  line: readonly LonLat[],
  features: readonly Feature[],
  columns: HeightColumns,
): { readonly blocks: readonly Block[]; readonly unknown: number } {
  const blocks: Block[] = [];
  let unknown = 0;
  for (const feature of features) {
    const stretches = feature.geometry === null ? [] : crossed(line, feature.geometry);
    if (stretches.length === 0) continue;
    const [height, foot] = [feature.properties[columns.height], feature.properties[columns.foot]];
    if (typeof height !== "number" || typeof foot !== "number") unknown += 1;
    else
      for (const [fromM, toM] of stretches)
        blocks.push({ fromM, toM, baseNapM: foot, roofNapM: foot + height, title: feature.title });
  }
  return { blocks: blocks.sort((a, b) => a.fromM - b.fromM), unknown };
}

/** Runs of samples with a known height: between them the ground is a gap, and no line. */
export function knownRuns(ground: readonly GroundSample[]): readonly (readonly GroundSample[])[] {
  const runs: GroundSample[][] = [];
  let open = false;
  for (const sample of ground) {
    if (sample.napM === null) open = false;
    else if (open) runs.at(-1)?.push(sample);
    else {
      runs.push([sample]);
      open = true;
    }
  }
  return runs;
}

/** The highest roof over a place on the line. */
export function blockAt(blocks: readonly Block[], alongM: number): Block | null {
  return blocks
    .filter((block) => block.fromM <= alongM && alongM <= block.toM)
    .reduce<Block | null>((top, one) => (top === null || one.roofNapM > top.roofNapM ? one : top), null);
}

/** Lowest and highest of all that is known; null when nothing is. */
export function extent({ ground, blocks }: Profile): readonly [number, number] | null {
  const all = [
    ...ground.flatMap(({ napM }) => (napM === null ? [] : [napM])),
    ...blocks.flatMap(({ baseNapM, roofNapM }) => [baseNapM, roofNapM]),
  ];
  return all.length === 0 ? null : [Math.min(...all), Math.max(...all)];
}

/** Round numbers between two values, at most `most` steps apart. */
export function roundSteps(low: number, high: number, most: number): readonly number[] {
  const rough = Math.max(high - low, 1e-6) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) =>
    Number(((first + n) * step).toFixed(6)),
  );
}

/** The table of the section as CSV, with points in numbers as all CSV of the twin. */
export function csvOf(profile: Profile, head: readonly string[]): string {
  const cell = (text: string) =>
    // A cell that starts as a formula would be run by a spreadsheet.
    `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const rows = profile.ground.map(({ alongM, lon, lat, napM }) => {
    const block = blockAt(profile.blocks, alongM);
    return [
      alongM.toFixed(1),
      lon.toFixed(7),
      lat.toFixed(7),
      napM?.toFixed(2) ?? "",
      block?.roofNapM.toFixed(2) ?? "",
      block === null ? "" : cell(block.title),
    ].join(",");
  });
  return `${[head.map(cell).join(","), ...rows].join("\r\n")}\r\n`;
}

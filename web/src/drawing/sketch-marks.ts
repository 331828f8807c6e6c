/** What is drawn of a sketch, for both engines: lines, an area, points and the words beside them. */

import { type RdPoint, rdOf } from "../measure/rd";
import { area, crossesItself, stretches } from "../measure/shape";
import { areaText, heightText, lengthText } from "../measure/units";
import type { Sketch, SketchPoint } from "../state/screen";

export interface SketchLabel extends SketchPoint {
  readonly text: string;
  /** The length in metres of what it stands at: from afar a word is longer than its line. */
  readonly roomM: number;
}

export interface SketchMarks {
  readonly lines: readonly (readonly SketchPoint[])[];
  /** The corners of a filled area; empty without one. */
  readonly fill: readonly SketchPoint[];
  readonly points: readonly SketchPoint[];
  /** The most important first. */
  readonly labels: readonly SketchLabel[];
}

export const NO_MARKS: SketchMarks = { lines: [], fill: [], points: [], labels: [] };
/** With more stretches than this their lengths would be a grey cloud. */
const MOST_LABELS = 40;

export function isRing({ kind }: Pick<Sketch, "kind">): boolean {
  return kind === "area" || kind === "region";
}

export function marksOf(sketch: Sketch | null, language: string): SketchMarks {
  if (sketch === null) return NO_MARKS;
  const { points } = sketch;
  if (sketch.kind === "height") return heightMarks(points, language);
  const [first] = points;
  const closed = isRing(sketch) && points.length > 2 && first !== undefined;
  const line = closed ? [...points, first] : points;
  const labels = [
    ...(closed ? areaLabel(points, language) : []),
    ...(line.length - 1 <= MOST_LABELS ? lengthLabels(line, language) : []),
  ];
  return { lines: line.length > 1 ? [line] : [], fill: closed ? points : [], points, labels };
}

function lengthLabels(line: readonly SketchPoint[], language: string): readonly SketchLabel[] {
  return stretches(line.map(rdOf)).map((metres, n) => ({
    ...halfway(line[n] as SketchPoint, line[n + 1] as SketchPoint),
    text: lengthText(metres, language),
    roomM: metres,
  }));
}

function areaLabel(points: readonly SketchPoint[], language: string): readonly SketchLabel[] {
  const rd = points.map(rdOf);
  if (crossesItself(rd)) return [];
  const size = area(rd);
  return [{ ...meanOf(points), text: areaText(size, language), roomM: widthOf(rd) }];
}

/** Up from the foot, and then level to the top. */
function heightMarks(points: readonly SketchPoint[], language: string): SketchMarks {
  const [foot, top] = points;
  if (foot === undefined || top === undefined) return { ...NO_MARKS, points };
  if (foot.napM === undefined || top.napM === undefined) return { ...NO_MARKS, lines: [points], points };
  const corner = { ...foot, napM: top.napM };
  const rise = top.napM - foot.napM;
  const label = { ...halfway(foot, corner), text: heightText(rise, language), roomM: Math.abs(rise) * 3 };
  return {
    lines: [
      [foot, corner],
      [corner, top],
    ],
    fill: [],
    points,
    labels: [label],
  };
}

function halfway(a: SketchPoint, b: SketchPoint): SketchPoint {
  const middle = { lon: (a.lon + b.lon) / 2, lat: (a.lat + b.lat) / 2 };
  return a.napM === undefined || b.napM === undefined ? middle : { ...middle, napM: (a.napM + b.napM) / 2 };
}

function meanOf(points: readonly SketchPoint[]): SketchPoint {
  const mean = (of: (point: SketchPoint) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  return { lon: mean((point) => point.lon), lat: mean((point) => point.lat) };
}

function widthOf(ring: readonly RdPoint[]): number {
  const xs = ring.map((point) => point.x);
  return Math.max(...xs) - Math.min(...xs);
}

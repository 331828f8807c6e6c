/** What was measured, in rows for the box and in a sentence for who listens. */

import { isRing } from "../../drawing/sketch-marks";
import { rdOf } from "../../measure/rd";
import { area, crossesItself, length, perimeter, stretches } from "../../measure/shape";
import { areaText, heightText, lengthText, napText } from "../../measure/units";
import type { Sketch, SketchPoint } from "../../state/screen";
import type { Words } from "../../words/words";

export interface Measured {
  readonly name: string;
  readonly value: string;
  /** The number that was asked for. */
  readonly main?: boolean;
}

/** Empty while there are too few points. */
export function measured(words: Words, sketch: Sketch): readonly Measured[] {
  const { say, language } = words;
  const rd = sketch.points.map(rdOf);
  if (sketch.kind === "height") return heights(words, sketch.points);
  if (isRing(sketch)) {
    if (rd.length < 3) return [];
    const around = { name: say("measure.perimeter"), value: lengthText(perimeter(rd), language) };
    if (crossesItself(rd)) return [around];
    return [{ name: say("measure.area"), value: areaText(area(rd), language), main: true }, around];
  }
  if (rd.length < 2) return [];
  const all = stretches(rd);
  const whole = { name: say("measure.length"), value: lengthText(length(rd), language), main: true };
  if (all.length < 2) return [whole];
  return [whole, { name: say("measure.last"), value: lengthText(all.at(-1) ?? 0, language) }];
}

/** Whether the area means nothing because its edge crosses itself. */
export function isKnotted(sketch: Sketch): boolean {
  return isRing(sketch) && crossesItself(sketch.points.map(rdOf));
}

function heights({ say, language }: Words, points: readonly SketchPoint[]): readonly Measured[] {
  const [foot, top] = points;
  const nap = (point: SketchPoint | undefined) =>
    point?.napM === undefined ? say("measure.unknown") : napText(point.napM, language);
  const rows: Measured[] = [];
  if (foot?.napM !== undefined && top?.napM !== undefined)
    rows.push({
      name: say("measure.difference"),
      value: heightText(top.napM - foot.napM, language),
      main: true,
    });
  if (foot !== undefined) rows.push({ name: say("measure.foot"), value: nap(foot) });
  if (top !== undefined && foot !== undefined) {
    rows.push({ name: say("measure.top"), value: nap(top) });
    rows.push({ name: say("measure.apart"), value: lengthText(length([rdOf(foot), rdOf(top)]), language) });
  }
  return rows;
}

/** "3 punten. Lengte: 12,4 m." */
export function spokenResult(words: Words, sketch: Sketch): string {
  const count = words.say(sketch.points.length === 1 ? "measure.point" : "measure.points", {
    count: sketch.points.length,
  });
  const rows = measured(words, sketch).map(({ name, value }) => `${name}: ${value}.`);
  const knot = isKnotted(sketch) ? [words.say("measure.knotted")] : [];
  return [`${count}.`, ...rows, ...knot].join(" ");
}

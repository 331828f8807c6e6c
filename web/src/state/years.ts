/** Time on the map: in which years an object is there, and what the time bar goes over. */

import type { ColumnSummary, Layer, LayerTime } from "../api/shapes";
import type { Condition } from "./conditions";
import type { Legends } from "./legends";
import { lookOf } from "./looks";
import type { Screen } from "./screen";

/** A run from the first year to the last takes about this long. */
export const RUN_MS = 20_000;
const LEAST_TICK_MS = 250;
const MOST_TICK_MS = 1500;
const DECADE = 10;

/** What holds for the objects of a layer that are there in a year. Unknown years stay off the time bar. */
export function yearConditions(layer: Layer, year: number | null): readonly Condition[] {
  const time = layer.time ?? null;
  if (year === null || time === null) return [];
  return [
    ...(time.from === "" ? [] : [{ column: time.from, to: year }]),
    ...(time.until === "" ? [] : [{ column: time.until, from: year, unknown: true }]),
  ];
}

/** All that has to hold for an object of a layer to be shown: what was asked, and the year. */
export function conditionsOn(
  screen: Screen,
  layer: Layer,
  year: number | null = screen.year,
): readonly Condition[] {
  return [...(lookOf(screen, layer.id).where ?? []), ...yearConditions(layer, year)];
}

/** Objects per span of years. */
export interface YearBar {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly planned: boolean;
}

/** What the time bar goes over. */
export interface YearSpan {
  readonly first: number;
  readonly last: number;
  readonly bars: readonly YearBar[];
  /** The layers on the bar, and of how many of their objects the year is not known. */
  readonly layers: readonly { readonly layer: Layer; readonly unknown: number }[];
}

export interface TimedLayer extends Layer {
  readonly time: LayerTime;
}

export function timed(layers: readonly Layer[]): readonly TimedLayer[] {
  return layers.filter((layer): layer is TimedLayer => (layer.time ?? null) !== null);
}

/** The years of the layers that are on, from a whole decade; null when no years are known. */
export function yearSpan(
  layers: readonly Layer[],
  shown: readonly string[],
  legends: Pick<Legends, "summary" | "failed">,
  thisYear: number,
): YearSpan | null {
  const on = timed(layers).filter((layer) => shown.includes(layer.id));
  const ends: number[] = [];
  const bars: YearBar[] = [];
  const found: { layer: Layer; unknown: number }[] = [];
  for (const layer of on) {
    const { from, until, planned } = layer.time;
    const columns = [from, until].filter((column) => column !== "");
    const summaries = columns.map((column) => legends.summary({ layer: layer.id, column }));
    ends.push(...columns.flatMap((column, n) => endsOf(layer, column, summaries[n] ?? null, legends)));
    const [first] = summaries;
    bars.push(...(first?.histogram ?? []).map((bar) => ({ ...bar, planned })));
    found.push({ layer, unknown: (from === "" ? 0 : first?.missing) ?? 0 });
    if (!planned && ends.length > 0) ends.push(thisYear);
  }
  if (ends.length === 0) return null;
  const first = Math.floor(Math.min(...ends) / DECADE) * DECADE;
  return { first, last: Math.max(...ends, first + 1), bars, layers: found };
}

/** The lowest and the highest year as counted. Where nobody counts: those between which the legend has its classes. */
function endsOf(
  layer: Layer,
  column: string,
  summary: ColumnSummary | null,
  legends: Pick<Legends, "failed">,
): readonly number[] {
  if (summary !== null) {
    return [summary.lowest, summary.highest].filter((year): year is number => year !== null);
  }
  if (!legends.failed({ layer: layer.id, column })) return [];
  const classes = layer.style.classes?.[column] ?? [];
  return classes.flatMap(({ lower, upper }) =>
    [lower, upper].filter((year): year is number => year !== null && year !== undefined),
  );
}

/** How many years one step is: ten over centuries, one over a few phases. */
export function stepOf({ first, last }: Pick<YearSpan, "first" | "last">): number {
  const years = last - first;
  return years > 200 ? 10 : years > 40 ? 5 : 1;
}

/** The year after a step from this one, at whole steps; null is now, at the end. */
export function stepped(span: Pick<YearSpan, "first" | "last">, year: number | null, steps: number): number {
  const step = stepOf(span);
  const at = year ?? span.last;
  const whole = steps > 0 ? Math.floor(at / step) * step : Math.ceil(at / step) * step;
  return Math.min(span.last, Math.max(span.first, whole + steps * step));
}

/** Milliseconds between two steps of a run. */
export function tickOf(span: Pick<YearSpan, "first" | "last">): number {
  const ticks = Math.max(1, (span.last - span.first) / stepOf(span));
  return Math.round(Math.min(MOST_TICK_MS, Math.max(LEAST_TICK_MS, RUN_MS / ticks)));
}

/** From the values of the live layers to what a map draws. What has not changed stays the same object. */

import { LIVE } from "../drawing/palette";
import { halfway, type LiveMark, linesOf, type MarkForm } from "../scene/live-mark";
import { type ClassLook, classLooks, NO_CLASS } from "./class-colours";
import type { LayerValues, Value } from "./feed";
import type { LiveLayer } from "./shapes";

/** The sign of a layer, by its id; those of others are plain. */
const GLYPHS: Readonly<Record<string, string>> = {
  incidenten: "alert",
  werkzaamheden: "works",
  bruggen: "bridge",
  borden: "board",
  milieuzones: "zone",
  laadpunten: "bolt",
  deelvervoer: "bike",
  parkeren: "parking",
  gehandicaptenparkeren: "wheelchair",
  haltes: "stop",
  grondwater: "drop",
  waterstand: "drop",
  energie: "energy",
};
const WARNINGS: ReadonlySet<string> = new Set(["incidenten", "werkzaamheden"]);
/** Places where one can park, charge or take something. */
const PLACES: ReadonlySet<string> = new Set([
  "laadpunten",
  "deelvervoer",
  "parkeren",
  "gehandicaptenparkeren",
]);
/** A text on a sign may be long; the card has all of it. */
const LONGEST_LABEL = 28;

export interface Moment {
  /** The id of the chosen point; null for none. */
  readonly chosen: string | null;
  isStale(layer: LiveLayer, value: Value): boolean;
  told(value: Value): string;
}

interface Known {
  readonly value: Value;
  readonly state: string;
  readonly marks: readonly LiveMark[];
}

export class LiveMarks {
  private readonly known = new Map<string, Known>();
  private last: readonly LiveMark[] = [];

  /** All marks of these layers, in the order in which they are drawn. */
  of(layers: readonly (readonly [LiveLayer, LayerValues])[], moment: Moment): readonly LiveMark[] {
    const used = new Set<string>();
    const all = layers.flatMap(([layer, { values }]) => {
      const looks = classLooks(layer);
      return [...values].flatMap(([id, value]) => {
        const key = `${layer.id}/${id}`;
        used.add(key);
        return this.one(key, layer, looks, value, moment);
      });
    });
    for (const key of this.known.keys()) if (!used.has(key)) this.known.delete(key);
    const now = [...all].sort((a, b) => order(a) - order(b));
    if (now.length !== this.last.length || now.some((mark, n) => mark !== this.last[n])) this.last = now;
    return this.last;
  }

  private one(
    key: string,
    layer: LiveLayer,
    looks: readonly ClassLook[],
    value: Value,
    { chosen, isStale, told }: Moment,
  ): readonly LiveMark[] {
    const { properties } = value.feature;
    const stale = isStale(layer, value);
    const state = `${stale} ${properties.id === chosen}`;
    const before = this.known.get(key);
    if (before?.value === value && before.state === state) return before.marks;
    const label = stale ? "" : short(told(value));
    const made = marksOf(layer, looks, value, { stale, chosen: properties.id === chosen, label });
    // A map keeps in place what has only another value.
    const same = before?.marks.length === made.length && sameShape(before.value, value);
    const marks = same ? made.map((mark, n) => ({ ...mark, ...placeOf(before.marks[n] as LiveMark) })) : made;
    this.known.set(key, { value, state, marks });
    return marks;
  }
}

function marksOf(
  layer: LiveLayer,
  looks: readonly ClassLook[],
  { feature }: Value,
  { stale, chosen, label }: { readonly stale: boolean; readonly chosen: boolean; readonly label: string },
): readonly LiveMark[] {
  const { geometry, properties } = feature;
  if (geometry === null) return [];
  const index = properties.class;
  const look = (index == null ? undefined : looks[index]) ?? NO_CLASS;
  const useless = properties.quality === "fail" || properties.quality === "missing";
  const heading = properties.heading ?? null;
  const mark = {
    id: properties.id,
    layer: layer.id,
    glyph: GLYPHS[layer.id] ?? "",
    colour: WARNINGS.has(layer.id) ? LIVE.warning : look.colour,
    // What cannot be used is no value either.
    stale: stale || (useless && layer.observed !== null),
    suspect: properties.quality === "suspect",
    label,
    chosen,
  };
  const lines = linesOf(geometry).filter((line) => line.length > 1);
  if (lines.length > 0) {
    return lines.map((line, n) => {
      const { at, headingDeg } = halfway(line);
      const form = layer.symbol === "line" ? "arrow" : formOf(layer, look, null);
      return { ...mark, label: n === 0 ? label : "", line, at, headingDeg, form };
    });
  }
  const at = pointOf(geometry);
  if (at === null) return [];
  return [{ ...mark, line: null, at, headingDeg: heading, form: formOf(layer, look, heading) }];
}

function formOf(layer: LiveLayer, look: ClassLook, heading: number | null): MarkForm {
  if (WARNINGS.has(layer.id)) return "warning";
  if (layer.symbol === "sign") return "sign";
  if (layer.symbol === "line") return heading === null ? "circle" : "arrow";
  if (look.above) return "diamond";
  return PLACES.has(layer.id) ? "square" : "circle";
}

/** The symbol of a class in a legend. */
export function legendForm(layer: LiveLayer, look: ClassLook): MarkForm {
  return formOf(layer, look, 0);
}

export function glyphOf(layer: LiveLayer): string {
  return GLYPHS[layer.id] ?? "";
}

/** A place; of an area the middle of its box. */
function pointOf(geometry: NonNullable<Value["feature"]["geometry"]>): readonly number[] | null {
  if (geometry.type === "Point") return geometry.coordinates;
  if (geometry.type === "MultiPoint") return geometry.coordinates[0] ?? null;
  const places = (geometry.coordinates as unknown[]).flat(
    geometry.type === "MultiPolygon" ? 2 : 1,
  ) as number[][];
  const [lons, lats] = [places.map(([lon]) => lon ?? 0), places.map(([, lat]) => lat ?? 0)];
  if (places.length === 0) return null;
  return [(Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}

function placeOf({ at, line, headingDeg }: LiveMark): Pick<LiveMark, "at" | "line" | "headingDeg"> {
  return { at, line, headingDeg };
}

function sameShape(a: Value, b: Value): boolean {
  return (
    a.feature.properties.heading === b.feature.properties.heading &&
    JSON.stringify(a.feature.geometry) === JSON.stringify(b.feature.geometry)
  );
}

function short(label: string): string {
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1).trimEnd()}…` : label;
}

/** Roads below, then points, warnings above them, and what is chosen on top. */
function order({ line, form, stale, chosen }: LiveMark): number {
  if (chosen) return 9;
  const kind = line !== null ? 0 : form === "sign" || form === "warning" ? 4 : form === "arrow" ? 1 : 2;
  return kind + (stale ? 0 : 0.5);
}

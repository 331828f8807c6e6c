/** The longer parts of an address: looks, swipe, sketch, sun and year. Wrong values are left out. */

import { type Condition, readCondition, writeCondition } from "./conditions";
import { type Looks, withLook } from "./looks";
import { SKETCH_KINDS, type Sketch, type SketchPoint, type Swipe } from "./screen";

const LAYER_ID = /^[a-z][a-z0-9-]{0,62}$/;
const COLUMN = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
const MOST_POINTS = 200;
const SUN = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)$/;

/** `kleur=gebouwen:bouwjaar`, `dekking=water:0.4`, `waar=gebouwen:bouwjaar:1900..1950`, each once a layer or condition. */
export function readLooks(query: URLSearchParams): Looks {
  let looks: Looks = {};
  for (const [layer, column] of pairs(query.getAll("kleur"))) {
    if (COLUMN.test(column)) looks = withLook(looks, layer, { colour: column });
  }
  for (const [layer, text] of pairs(query.getAll("dekking"))) {
    const opacity = Number(text);
    if (text !== "" && opacity >= 0.1 && opacity < 1) looks = withLook(looks, layer, { opacity });
  }
  for (const [layer, text] of pairs(query.getAll("waar"))) {
    const condition = readCondition(text);
    if (condition !== null) looks = withLook(looks, layer, { where: [...whereOf(looks, layer), condition] });
  }
  return looks;
}

export function writeLooks(looks: Looks): readonly (readonly [string, string])[] {
  return Object.entries(looks).flatMap(([layer, look]) => [
    ...(look.colour === undefined ? [] : [["kleur", `${layer}:${look.colour}`] as const]),
    ...(look.opacity === undefined ? [] : [["dekking", `${layer}:${look.opacity}`] as const]),
    ...(look.where ?? []).map((one) => ["waar", `${layer}:${writeCondition(one)}`] as const),
  ]);
}

function whereOf(looks: Looks, layer: string): readonly Condition[] {
  return looks[layer]?.where ?? [];
}

function pairs(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.flatMap((text) => {
    const colon = text.indexOf(":");
    const layer = text.slice(0, Math.max(0, colon));
    return LAYER_ID.test(layer) ? [[layer, text.slice(colon + 1)] as const] : [];
  });
}

/** A date and a time that exist; the seconds are left out. */
export function readSun(text: string | null): string | null {
  const found = SUN.exec(text ?? "");
  if (found === null) return null;
  const [, year, month, day] = found;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.toISOString().startsWith(`${year}-${month}-${day}`) ? found[0] : null;
}

export function readYear(text: string | null): number | null {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : null;
}

/** `0.5`, `0.5:jaar:1900` or `0.5:lagen:a,b`. */
export function readSwipe(text: string | null): Swipe | null {
  const parts = (text ?? "").split(":");
  const at = Number(parts[0]);
  if (parts[0] === "" || !(at >= 0 && at <= 1)) return null;
  const swipe: { at: number; layers: readonly string[] | null; year: number | null } = {
    at,
    layers: null,
    year: null,
  };
  for (let n = 1; n + 1 < parts.length; n += 2) {
    const value = parts[n + 1] ?? "";
    if (parts[n] === "jaar") swipe.year = readYear(value);
    if (parts[n] === "lagen") swipe.layers = value.split(",").filter((id) => LAYER_ID.test(id));
  }
  return swipe;
}

export function writeSwipe(swipe: Swipe): string {
  const parts = [String(Number(swipe.at.toFixed(3)))];
  if (swipe.layers !== null) parts.push("lagen", swipe.layers.join(","));
  if (swipe.year !== null) parts.push("jaar", String(swipe.year));
  return parts.join(":");
}

/** `distance:4.90123,52.36,3.2|4.9,52.37`: the kind, then points with a height where they have one. */
export function readSketch(text: string | null): Sketch | null {
  const colon = (text ?? "").indexOf(":");
  const kind = SKETCH_KINDS.find((one) => one === (text ?? "").slice(0, colon < 0 ? undefined : colon));
  if (text === null || kind === undefined) return null;
  if (colon < 0) return { kind, points: [] };
  const points = text
    .slice(colon + 1)
    .split("|")
    .slice(0, MOST_POINTS)
    .map(readPoint);
  return points.every((point) => point !== null) ? { kind, points: points as SketchPoint[] } : null;
}

function readPoint(text: string): SketchPoint | null {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (parts.length < 2 || parts.length > 3 || !parts.every(Number.isFinite)) return null;
  const [lon, lat, napM] = parts as [number, number, number?];
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85) return null;
  return napM === undefined ? { lon, lat } : { lon, lat, napM };
}

export function writeSketch({ kind, points }: Sketch): string {
  const written = points.map(({ lon, lat, napM }) =>
    [
      Number(lon.toFixed(7)),
      Number(lat.toFixed(7)),
      ...(napM === undefined ? [] : [Number(napM.toFixed(2))]),
    ].join(","),
  );
  return written.length === 0 ? kind : `${kind}:${written.join("|")}`;
}

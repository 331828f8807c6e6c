/** The faces, points and lines in a CityJSON geometry, as indices of vertices, with what each face is. */

import { listOf, member } from "./json";
import { SURFACE_KINDS } from "./own-layer";

/** An index in `SURFACE_KINDS`, or `UNNAMED` when the file says nothing. */
export type KindNumber = number;
export const UNNAMED: KindNumber = -1;
const [OTHER, ROOF, WALL, GROUND] = SURFACE_KINDS.keys();
export const KIND = { other: OTHER ?? 0, roof: ROOF ?? 1, wall: WALL ?? 2, ground: GROUND ?? 3 } as const;

const NAMES: Readonly<Record<string, KindNumber>> = {
  RoofSurface: KIND.roof,
  WallSurface: KIND.wall,
  GroundSurface: KIND.ground,
};

/** How many lists lie around a face. */
const AROUND: Readonly<Record<string, number>> = {
  MultiSurface: 0,
  CompositeSurface: 0,
  Solid: 1,
  MultiSolid: 2,
  CompositeSolid: 2,
};

/** Rings of vertex indices, the outline first. */
export interface Surface {
  readonly rings: readonly (readonly number[])[];
  readonly kind: KindNumber;
}

export interface Shape {
  readonly lod: number;
  readonly surfaces: readonly Surface[];
  readonly points: readonly number[];
  readonly lines: readonly (readonly number[])[];
  /** Stands for a template: only its place is known. */
  readonly template: boolean;
  /** Faces whose corners are no indices. */
  readonly bad: number;
}

/** `from` and `count` say which vertices of the whole file are this document's. */
export function readShape(geometry: unknown, from: number, count: number): Shape {
  const type = String(member(geometry, "type"));
  const boundaries = member(geometry, "boundaries");
  const lod = Number.parseFloat(String(member(geometry, "lod"))) || 0;
  const index = (value: unknown) => indexOf(value, from, count);
  const shape = { lod, surfaces: [], points: [], lines: [], template: false, bad: 0 };
  if (type === "MultiPoint") return { ...shape, points: listOf(boundaries).map(index).filter(isIndex) };
  if (type === "GeometryInstance") {
    return { ...shape, points: listOf(boundaries).slice(0, 1).map(index).filter(isIndex), template: true };
  }
  if (type === "MultiLineString") {
    const lines = listOf(boundaries).map((line) => listOf(line).map(index).filter(isIndex));
    return { ...shape, lines: lines.filter((line) => line.length > 1) };
  }
  const around = Object.hasOwn(AROUND, type) ? AROUND[type] : undefined;
  if (around === undefined) return shape;
  return { ...shape, ...readSurfaces(geometry, around, index) };
}

function readSurfaces(
  geometry: unknown,
  around: number,
  index: (value: unknown) => number,
): { surfaces: Surface[]; bad: number } {
  const kinds = listOf(member(member(geometry, "semantics"), "surfaces")).map((each) => kindOf(each));
  const surfaces: Surface[] = [];
  let bad = 0;
  const visit = (list: unknown, values: unknown, depth: number): void => {
    for (const [i, each] of listOf(list).entries()) {
      const value = listOf(values)[i];
      if (depth > 0) visit(each, value, depth - 1);
      else {
        const rings = readRings(each, index);
        if (rings === null) bad += 1;
        else surfaces.push({ rings, kind: typeof value === "number" ? (kinds[value] ?? UNNAMED) : UNNAMED });
      }
    }
  };
  visit(member(geometry, "boundaries"), member(member(geometry, "semantics"), "values"), around);
  return { surfaces, bad };
}

function kindOf(surface: unknown): KindNumber {
  const type = member(surface, "type");
  if (typeof type !== "string") return UNNAMED;
  return Object.hasOwn(NAMES, type) ? (NAMES[type] ?? KIND.other) : KIND.other;
}

/** Rings without repeated corners; a hole that is only a line is no hole. */
function readRings(face: unknown, index: (value: unknown) => number): number[][] | null {
  const rings: number[][] = [];
  for (const [number, ring] of listOf(face).entries()) {
    const corners = listOf(ring).map(index);
    if (!corners.every(isIndex)) return null;
    const distinct = corners.filter((corner, i) => corner !== corners[(i + 1) % corners.length]);
    if (distinct.length >= 3) rings.push(distinct);
    else if (number === 0) return null;
  }
  return rings.length > 0 ? rings : null;
}

function indexOf(value: unknown, from: number, count: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < count
    ? from + value
    : -1;
}

function isIndex(index: number): boolean {
  return index >= 0;
}

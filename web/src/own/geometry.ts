/** Geometry as somebody else wrote it: every number looked at before it is believed. */

import type { Geometry, Position } from "../api/shapes";
import { isObject, listOf, member } from "./json";
import type { LeftReason } from "./own-layer";
import type { Taking } from "./taking";

/** In the file's own coordinates, two numbers a position. */
export interface RawGeometry {
  readonly geometry: Geometry;
  readonly vertices: number;
}

/** How deep the coordinates of each kind are nested, and what the innermost list needs. */
const KINDS = {
  Point: { depth: 0, least: 1, ring: false },
  MultiPoint: { depth: 1, least: 1, ring: false },
  LineString: { depth: 1, least: 2, ring: false },
  MultiLineString: { depth: 2, least: 2, ring: false },
  Polygon: { depth: 2, least: 4, ring: true },
  MultiPolygon: { depth: 3, least: 4, ring: true },
} as const;
type Kind = keyof typeof KINDS;

/** The geometries in a GeoJSON geometry; a collection gives several. A reason when one of them is not sound. */
export function readGeometry(value: unknown, taking: Taking): RawGeometry[] | LeftReason {
  if (value === null || value === undefined) return "no-geometry";
  const type = member(value, "type");
  if (type === "GeometryCollection") return readCollection(listOf(member(value, "geometries")), taking);
  if (typeof type !== "string" || !Object.hasOwn(KINDS, type)) return "bad-geometry";
  const coordinates = member(value, "coordinates");
  if (Array.isArray(coordinates) && coordinates.length === 0) return "no-geometry";
  const reader = new CoordinateReader(type as Kind, taking);
  const read = reader.nested(coordinates, KINDS[type as Kind].depth);
  if (read === null) return "bad-geometry";
  reader.done();
  return [{ geometry: { type, coordinates: read } as Geometry, vertices: reader.vertices }];
}

function readCollection(parts: readonly unknown[], taking: Taking): RawGeometry[] | LeftReason {
  const all: RawGeometry[] = [];
  for (const part of parts) {
    const read = readGeometry(part, taking);
    if (typeof read === "string") return read;
    for (const each of read) all.push(each);
  }
  return all.length > 0 ? all : "no-geometry";
}

class CoordinateReader {
  vertices = 0;
  private heights = 0;
  private closed = 0;

  constructor(
    private readonly kind: Kind,
    private readonly taking: Taking,
  ) {}

  nested(value: unknown, depth: number): unknown[] | null {
    if (depth === 0) return this.position(value);
    if (!Array.isArray(value)) return null;
    const items: unknown[] = [];
    for (const each of value) {
      const item = this.nested(each, depth - 1);
      if (item === null) return null;
      items.push(item);
    }
    return depth === 1 ? this.row(items as number[][]) : items.length > 0 ? items : null;
  }

  done(): void {
    if (this.heights > 0) this.taking.note("heights-dropped");
    if (this.closed > 0) this.taking.count("rings-closed", this.closed);
  }

  private position(value: unknown): number[] | null {
    if (!Array.isArray(value)) return null;
    const [x, y] = value as unknown[];
    if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x) || !Number.isFinite(y))
      return null;
    if (value.length > 2) this.heights += 1;
    this.vertices += 1;
    return [x, y];
  }

  /** A line or a ring; a ring that is not closed is closed, and that is said. */
  private row(positions: number[][]): number[][] | null {
    const { least, ring } = KINDS[this.kind];
    const [first, last] = [positions[0], positions.at(-1)];
    if (ring && first && last && positions.length >= 3 && (first[0] !== last[0] || first[1] !== last[1])) {
      positions.push([...first]);
      this.closed += 1;
    }
    return positions.length >= least ? positions : null;
  }
}

export function eachPosition(geometry: Geometry, see: (position: Position) => void): void {
  visit(geometry.coordinates, see);
}

function visit(value: unknown, see: (position: Position) => void): void {
  const list = value as readonly unknown[];
  if (typeof list[0] === "number") see(list as Position);
  else for (const each of list) visit(each, see);
}

/** The same geometry with each position turned into another. */
export function moved(geometry: Geometry, move: (position: Position) => Position): Geometry {
  return { type: geometry.type, coordinates: turned(geometry.coordinates, move) } as Geometry;
}

function turned(value: unknown, move: (position: Position) => Position): unknown {
  const list = value as readonly unknown[];
  return typeof list[0] === "number" ? move(list as Position) : list.map((each) => turned(each, move));
}

export function isGeometry(value: unknown): boolean {
  const type = member(value, "type");
  return (
    isObject(value) &&
    (type === "GeometryCollection" || (typeof type === "string" && Object.hasOwn(KINDS, type)))
  );
}

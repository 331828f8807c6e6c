/** What a city object covers, seen from above. */

import type { Geometry, Position } from "../api/shapes";
import { KIND, type Shape, type Surface, UNNAMED } from "./cityjson-surfaces";
import { normalOf } from "./mesh";
import { type Rings, ringsAround } from "./outline";
import type { Triple } from "./own-layer";

type LocalOf = (index: number) => Triple | null;
type PlaceOf = (index: number) => Position | null;

/** How far a face has to look up or down to be more than a wall, and to be a floor. */
const SLOPING = 0.1;
const FLAT = 0.7;

/**
 * Its plan (LoD 0), else its ground, else what looks down, else what looks up, else the hull of all its
 * corners; for what has no faces its lines or points. Faces that share an edge are
 * joined, where that gives plain areas. Null when nothing is sound.
 */
export function footprintOf(shapes: readonly Shape[], local: LocalOf, place: PlaceOf): Geometry | null {
  const faces = (chosen: readonly Shape[]) => chosen.flatMap((shape) => shape.surfaces.map(upOf(local)));
  const plan = faces(shapes.filter((shape) => shape.lod < 1));
  const solid = faces(shapes.filter((shape) => shape.lod >= 1));
  const choices = [
    plan.filter(({ up }) => Math.abs(up) > SLOPING),
    solid.filter(({ up, surface }) => surface.kind === KIND.ground && Math.abs(up) > SLOPING),
    solid.filter(({ up, surface }) => surface.kind === UNNAMED && up < -FLAT),
    solid.filter(({ up, surface }) => surface.kind !== KIND.wall && up > SLOPING),
    solid.filter(({ up }) => up < -SLOPING),
  ];
  for (const choice of choices) {
    const polygons = polygonsOf(choice, place);
    if (polygons.length > 0) return joined("Polygon", polygons);
  }
  return hullOf(shapes, place) ?? thinOf(shapes, place);
}

interface Facing {
  readonly surface: Surface;
  readonly up: number;
}

function upOf(local: LocalOf): (surface: Surface) => Facing {
  return (surface) => {
    const corners = (surface.rings[0] ?? []).map(local);
    const normal = corners.every((corner) => corner !== null) ? normalOf(corners) : null;
    return { surface, up: normal?.[2] ?? 0 };
  };
}

function polygonsOf(faces: readonly Facing[], place: PlaceOf): Position[][][] {
  const polygons = faces
    .map(({ surface }) => polygonOf(surface.rings, place))
    .filter((each) => each !== null);
  if (polygons.length < 2) return polygons;
  const upward = faces.map(({ surface, up }) =>
    up < 0 ? surface.rings.map((ring) => [...ring].reverse()) : surface.rings,
  );
  const around = ringsAround(upward)?.map((ring) => ring.map(place));
  const places = around?.filter((ring): ring is Position[] => ring.every((each) => each !== null));
  if (places === undefined || places.length !== around?.length) return polygons;
  return nested(places) ?? polygons;
}

/** Each hole goes into the smallest outline round it; null when one lies in none. */
function nested(rings: readonly Position[][]): Position[][][] | null {
  const outlines = rings.filter((ring) => areaOf(ring) > 0).sort((a, b) => areaOf(a) - areaOf(b));
  const polygons = outlines.map((outline) => [closed(outline)]);
  for (const hole of rings.filter((ring) => areaOf(ring) <= 0)) {
    const at = outlines.findIndex((outline) => isInside(middleOfEdge(hole), outline));
    if (at < 0) return null;
    polygons[at]?.push(closed(hole));
  }
  return polygons;
}

/** A hole may touch its outline in a corner, but not halfway an edge. */
function middleOfEdge([one = [], two = []]: readonly Position[]): Position {
  return [((one[0] ?? 0) + (two[0] ?? 0)) / 2, ((one[1] ?? 0) + (two[1] ?? 0)) / 2];
}

/** By counting how often a line to the west crosses the ring. */
function isInside([x = 0, y = 0]: Position, ring: readonly Position[]): boolean {
  let inside = false;
  for (const [i, [ax = 0, ay = 0]] of ring.entries()) {
    const [bx = 0, by = 0] = ring[(i + 1) % ring.length] ?? [];
    if (ay > y !== by > y && x > ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** Closed rings, the outline anticlockwise and the holes clockwise, as GeoJSON wants. */
function polygonOf(face: Rings, place: PlaceOf): Position[][] | null {
  const rings: Position[][] = [];
  for (const [number, ring] of face.entries()) {
    const corners = ring.map(place);
    if (!corners.every((corner) => corner !== null)) return null;
    rings.push(closed(areaOf(corners) > 0 === (number === 0) ? corners : [...corners].reverse()));
  }
  return rings;
}

function closed(ring: readonly Position[]): Position[] {
  return [...ring, ring[0] as Position];
}

function areaOf(ring: readonly Position[]): number {
  let twice = 0;
  for (const [i, [x = 0, y = 0]] of ring.entries()) {
    const [nextX = 0, nextY = 0] = ring[(i + 1) % ring.length] ?? [];
    twice += x * nextY - nextX * y;
  }
  return twice;
}

/** A.M. Andrew's monotone chain: the convex outline of what stands upright only. */
function hullOf(shapes: readonly Shape[], place: PlaceOf): Geometry | null {
  const corners = new Set(shapes.flatMap((shape) => shape.surfaces.flatMap(({ rings }) => rings[0] ?? [])));
  const places = [...corners].map(place).filter((each) => each !== null);
  const sorted = [...places].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));
  const outline = [...chainOf(sorted), ...chainOf([...sorted].reverse())];
  const first = outline[0];
  return outline.length >= 3 && first ? { type: "Polygon", coordinates: [[...outline, first]] } : null;
}

function chainOf(places: readonly Position[]): Position[] {
  const chain: Position[] = [];
  for (const next of places) {
    while (chain.length >= 2 && areaOf([chain.at(-2) as Position, chain.at(-1) as Position, next]) <= 0)
      chain.pop();
    chain.push(next);
  }
  return chain.slice(0, -1);
}

/** Lines or points. */
function thinOf(shapes: readonly Shape[], place: PlaceOf): Geometry | null {
  const lines = shapes.flatMap((shape) => shape.lines.map((line) => line.map(place)));
  const whole = lines.filter((line): line is Position[] => line.every((each) => each !== null));
  if (whole.length > 0) return joined("LineString", whole);
  const points = shapes.flatMap((shape) => shape.points.map(place)).filter((each) => each !== null);
  return points.length > 0 ? joined("Point", points) : null;
}

function joined(type: "Point" | "LineString" | "Polygon", parts: readonly unknown[]): Geometry {
  const [one] = parts;
  return (
    parts.length === 1 ? { type, coordinates: one } : { type: `Multi${type}`, coordinates: parts }
  ) as Geometry;
}

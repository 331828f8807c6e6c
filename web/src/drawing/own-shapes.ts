/** A visitor's own file as shapes: what lies where, and the outline of a placed model. */

import type { Feature, Geometry, Position } from "../api/shapes";
import { type RdPoint, rdOf } from "../measure/rd";
import { contains, distance } from "../measure/shape";
import type { Bbox, GlbModel, OwnLayer } from "../own/own-layer";

export interface OwnPlacing {
  readonly lon: number;
  readonly lat: number;
  /** Of the model's own zero. */
  readonly napM: number;
  /** Clockwise: at 0 the model's x points east. */
  readonly headingDeg: number;
}

interface Placed {
  readonly layer: OwnLayer;
  readonly placing: OwnPlacing | null;
}

const METRES_PER_DEGREE = 111_319.49;

/** The features of a file; of a model without features its outline, when its place is known. */
export function ownFeatures({ layer, placing }: Placed): readonly Feature[] {
  if (layer.features.length > 0 || layer.model?.form !== "glb") return layer.features;
  const geometry = outlineOf(layer.model, placing);
  return geometry === null ? [] : [{ id: "model", layer: "", title: layer.title, geometry, properties: {} }];
}

/** The box round a model as seen from above. */
export function outlineOf({ box, placing }: GlbModel, by: OwnPlacing | null): Geometry | null {
  if (by === null) {
    return placing.by === "file" ? { type: "Point", coordinates: [placing.lon, placing.lat] } : null;
  }
  const [west, , south] = box.min;
  const [east, , north] = box.max;
  const turn = (by.headingDeg * Math.PI) / 180;
  // In glTF z points towards the viewer: that is south.
  const corners = [
    [west, -north],
    [east, -north],
    [east, -south],
    [west, -south],
    [west, -north],
  ];
  const ring = corners.map(([x = 0, y = 0]) => {
    const dx = x * Math.cos(turn) + y * Math.sin(turn);
    const dy = y * Math.cos(turn) - x * Math.sin(turn);
    const perLon = METRES_PER_DEGREE * Math.cos((by.lat * Math.PI) / 180);
    return [by.lon + dx / perLon, by.lat + dy / METRES_PER_DEGREE];
  });
  return { type: "Polygon", coordinates: [ring] };
}

/** Where a file lies; null while nobody knows. */
export function ownBounds(placed: Placed): Bbox | null {
  if (placed.layer.bbox !== null) return placed.layer.bbox;
  const points = ownFeatures(placed).flatMap(({ geometry }) => (geometry === null ? [] : places(geometry)));
  if (points.length === 0) return null;
  const [lons, lats] = [points.map(([lon]) => lon ?? 0), points.map(([, lat]) => lat ?? 0)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Which feature lies at a place: the nearest within the radius, and of those that cover it the last drawn. */
export function touchedAt(placed: Placed, lon: number, lat: number, radiusM: number): number | null {
  const at = rdOf({ lon, lat });
  const [far, high] = [
    radiusM / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)),
    radiusM / METRES_PER_DEGREE,
  ];
  let best: { readonly index: number; readonly away: number } | null = null;
  ownFeatures(placed).forEach(({ geometry }, index) => {
    if (geometry === null || !mayLieAt(geometry, lon, lat, far, high)) return;
    const away = distanceTo(geometry, at);
    if (away <= radiusM && (best === null || away <= best.away)) best = { index, away };
  });
  return (best as { readonly index: number } | null)?.index ?? null;
}

function places(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case "Point":
      return [geometry.coordinates];
    case "MultiPoint":
    case "LineString":
      return [...geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates.flat();
    case "MultiPolygon":
      return geometry.coordinates.flat(2);
  }
}

/** A look at the box only, before anything is measured. */
function mayLieAt(geometry: Geometry, lon: number, lat: number, far: number, high: number): boolean {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [x = 0, y = 0] of places(geometry)) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  return lon >= west - far && lon <= east + far && lat >= south - high && lat <= north + high;
}

/** Metres; 0 within an area. */
function distanceTo(geometry: Geometry, at: RdPoint): number {
  switch (geometry.type) {
    case "Point":
      return distance(inRd(geometry.coordinates), at);
    case "MultiPoint":
      return Math.min(...geometry.coordinates.map((place) => distance(inRd(place), at)));
    case "LineString":
      return toLine(geometry.coordinates, at);
    case "MultiLineString":
      return Math.min(...geometry.coordinates.map((line) => toLine(line, at)));
    case "Polygon":
      return toArea(geometry.coordinates, at);
    case "MultiPolygon":
      return Math.min(...geometry.coordinates.map((rings) => toArea(rings, at)));
  }
}

function toArea(rings: readonly (readonly Position[])[], at: RdPoint): number {
  if (
    contains(
      rings.map((ring) => ring.map(inRd)),
      at,
    )
  )
    return 0;
  return Math.min(...rings.map((ring) => toLine(ring, at)));
}

function toLine(line: readonly Position[], at: RdPoint): number {
  const rd = line.map(inRd);
  return Math.min(...rd.slice(1).map((b, n) => toStretch(rd[n] as RdPoint, b, at)));
}

function toStretch(a: RdPoint, b: RdPoint, p: RdPoint): number {
  const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const along = long === 0 ? 0 : ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / long;
  const share = Math.min(1, Math.max(0, along));
  return distance({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }, p);
}

function inRd([lon, lat]: Position): RdPoint {
  return rdOf({ lon: lon ?? 0, lat: lat ?? 0 });
}

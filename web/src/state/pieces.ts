/** What is chosen as one, although the data has it in pieces; and what is only partly known. */

import type { Feature, Geometry, Layer, Position } from "../api/shapes";

/** Streets and waters lie in their registers as pieces; a person means all of one. */
export function isInPieces(layer: Layer | undefined): boolean {
  return layer?.placeKind === "street" || layer?.placeKind === "water";
}

/** The shapes of all pieces as one shape of their kind; null when none has one. */
export function together(features: readonly Feature[]): Geometry | null {
  const shapes = features.flatMap((feature) => (feature.geometry === null ? [] : [feature.geometry]));
  const [first] = shapes;
  if (first === undefined || shapes.length === 1) return first ?? null;
  const lines = shapes.flatMap(linesOf);
  if (lines.length > 0) return { type: "MultiLineString", coordinates: lines };
  const areas = shapes.flatMap(areasOf);
  return areas.length > 0 ? { type: "MultiPolygon", coordinates: areas } : first;
}

function linesOf(shape: Geometry): readonly (readonly Position[])[] {
  if (shape.type === "LineString") return [shape.coordinates];
  return shape.type === "MultiLineString" ? shape.coordinates : [];
}

function areasOf(shape: Geometry): readonly (readonly (readonly Position[])[])[] {
  if (shape.type === "Polygon") return [shape.coordinates];
  return shape.type === "MultiPolygon" ? shape.coordinates : [];
}

/** Whether a building says of itself that only its footprint is known (level of detail 0). */
export function hasNoShape(feature: Feature, layer: Layer | undefined): boolean {
  const column = layer?.columns.find((one) => one.term === "detailniveau");
  if (column === undefined || layer?.kind !== "buildings") return false;
  const level = feature.properties[column.name];
  return level === null || level === undefined || Number(level) < 1;
}

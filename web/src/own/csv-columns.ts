/** In which columns of a table the place stands, by what they are called. */

import { beginsAsWkt } from "./wkt";

interface Hiding {
  /** Whether a column is only a shape: too long to be an attribute. */
  hides(index: number): boolean;
}

export type PlaceColumns = Hiding &
  (
    | { readonly by: "wkt"; readonly shape: number }
    | { readonly by: "rd" | "point"; readonly x: number; readonly y: number }
  );

const SHAPES = [
  "wkt",
  "geom",
  "geometry",
  "geometrie",
  "thegeom",
  "geomwkt",
  "wktgeom",
  "wktgeometry",
  "shape",
];
const PAIRS: readonly (readonly ["rd" | "point", string, string])[] = [
  ["point", "longitude", "latitude"],
  ["point", "lon", "lat"],
  ["point", "lng", "lat"],
  ["point", "long", "lat"],
  ["point", "lng", "latitude"],
  ["point", "lengtegraad", "breedtegraad"],
  ["rd", "rdx", "rdy"],
  ["rd", "xrd", "yrd"],
  ["point", "x", "y"],
  ["point", "xcoordinaat", "ycoordinaat"],
  ["point", "xcoord", "ycoord"],
  ["point", "geox", "geoy"],
];

/** Null when no column says where its rows are. A column of shapes is known by the first that it holds. */
export function placeColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): PlaceColumns | null {
  const names = header.map(bare);
  const holdsShapes = (index: number) =>
    beginsAsWkt(rows.find((row) => (row[index] ?? "").trim() !== "")?.[index] ?? "");
  const shape = names.findIndex((name, index) => SHAPES.includes(name) && holdsShapes(index));
  if (shape >= 0) return { by: "wkt", shape, hides: (index) => index === shape };
  for (const [by, east, north] of PAIRS) {
    const [x, y] = [names.indexOf(east), names.indexOf(north)];
    if (x >= 0 && y >= 0) return { by, x, y, hides: () => false };
  }
  return null;
}

/** "X-coördinaat" and "x_coordinaat" are the same name. */
function bare(name: string): string {
  return name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
}

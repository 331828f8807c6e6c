/** How much of a reader's own file is taken. Past these the browser is slow, or a file is meant to harm. */

export const LIMITS = {
  fileBytes: 50_000_000,
  features: 20_000,
  vertices: 1_000_000,
  triangles: 1_000_000,
  textLength: 1_000,
  columns: 500,
  nameLength: 100,
  /** In the header of a table: more is no table. */
  cells: 5_000,
  /** Of one face in space: cutting it into triangles can take the square of it. */
  faceCorners: 10_000,
  /** Of brackets in JSON: GeoJSON needs 8, CityJSON 10, an attribute of an attribute a few more. */
  jsonDepth: 32,
  glbJsonBytes: 20_000_000,
  glbNodes: 100_000,
  /** Of a spreadsheet's rows, before any of them is read. */
  rows: 200_000,
  seconds: 60,
} as const;

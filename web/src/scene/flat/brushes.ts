/** In which inks the flat map is drawn, by base map. */

import type { FlatRole } from "../../api/shapes";
import { CITY, CONTRAST, TUBES } from "../../drawing/palette";

export interface Brush {
  readonly fill?: string;
  readonly line?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** The fill is drawn as slanting lines. */
  readonly hatched?: boolean;
}

const PAPER: Readonly<Record<FlatRole, Brush>> = {
  land: { fill: CITY.land },
  path: { fill: CITY.path, line: CITY.path, width: 0.5 },
  street: { fill: CITY.street, line: CITY.street, width: 0.5 },
  park: { fill: CITY.park },
  water: { fill: CITY.water, line: CITY.quay, width: 0.7 },
  plain: { fill: `${CITY.area}22`, line: CITY.area, width: 1 },
  area: { fill: `${CITY.area}14`, line: CITY.area, width: 1.2 },
  boundary: { line: CITY.boundary, width: 1.6, dash: [7, 4] },
  buildings: { fill: CITY.roof, line: CITY.edge, width: 0.8 },
  line: { line: CITY.line, width: 1.6 },
  tube: { line: TUBES.overig as string, width: 2.5 },
  tree: { fill: `${CITY.tree}c0`, line: `${CITY.crown}b0`, width: 0.7 },
  point: { fill: CITY.line, line: "#ffffff", width: 2 },
};

const STRONG: Readonly<Record<FlatRole, Brush>> = {
  ...PAPER,
  land: { fill: CONTRAST.land },
  path: { fill: CONTRAST.path, line: CONTRAST.pathEdge, width: 0.7 },
  street: { fill: CONTRAST.street, line: CONTRAST.streetEdge, width: 1 },
  park: { fill: CONTRAST.park, line: CONTRAST.parkEdge, width: 1 },
  water: { fill: CONTRAST.water, line: CONTRAST.waterEdge, width: 1.4 },
  plain: { ...PAPER.plain, line: CONTRAST.edge, width: 1.6 },
  area: { ...PAPER.area, line: CONTRAST.edge, width: 1.8 },
  boundary: { line: CONTRAST.boundary, width: 2.6, dash: [9, 5] },
  buildings: { fill: CONTRAST.roof, line: CONTRAST.edge, width: 1.2 },
  line: { ...PAPER.line, width: 2.4 },
  point: { ...PAPER.point, line: CONTRAST.edge },
};

export function brushesOf(base: string): Readonly<Record<FlatRole, Brush>> {
  return base === "contrast" ? STRONG : PAPER;
}

/** Paints a vector tile on a canvas in the colours of the city. */

import type { VectorTileFeature, VectorTileLayer } from "@mapbox/vector-tile";
import type { FlatRole, FlatSource, StyleClass } from "../../api/shapes";
import { colourOf } from "../../drawing/legend";
import { CITY, TUBES } from "../../drawing/palette";
import type { TilePart } from "./tiles";

export interface Paint {
  readonly layer: string;
  readonly column: string;
  readonly classes: readonly StyleClass[];
}

interface Brush {
  readonly fill?: string;
  readonly line?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
}

/** From the ground up: what is drawn later lies on top. */
export const ORDER: readonly FlatRole[] = [
  "land",
  "path",
  "street",
  "park",
  "water",
  "plain",
  "area",
  "buildings",
  "tube",
  "line",
  "tree",
  "boundary",
  "point",
];

const BRUSHES: Readonly<Record<FlatRole, Brush>> = {
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

/** Columns that the build gives to layers of trees and tubes. */
const CROWN_COLUMN = "kroon_m";
const CARRIES_COLUMN = "leiding";
const DEPTH_KNOWN_COLUMN = "diepte_bekend";
/** Crowns of fewer pixels than this are left out, unless they are wide. */
const SMALLEST_CROWN = 0.8;
const WIDE_CROWN_M = 9;

/** Below this width of a pixel in metres, houses get their outline. */
const OUTLINE_FROM_ZOOM = 15;
/** Further away a quay is wider than its canal, and all canals would be grey. */
const QUAY_FROM_ZOOM = 14;

export class TilePainter {
  constructor(
    private readonly canvas: CanvasRenderingContext2D,
    /** CSS pixels along a tile's side, and real pixels per CSS pixel. */
    private readonly side: number,
    ratio: number,
    private readonly zoom: number,
    private readonly metresPerPixel: number,
  ) {
    canvas.scale(ratio, ratio);
    canvas.lineJoin = "round";
  }

  paint(source: FlatSource, part: TilePart, paint: Paint | null): void {
    const layer = part.tile.layers[source.name];
    if (layer === undefined) return;
    const coloured = paint !== null && paint.layer === source.layer ? paint : null;
    const brush = this.brush(source.role, coloured);
    if (source.role === "tree") this.trees(layer, part, brush, coloured);
    else if (source.role === "tube") this.tubes(layer, part, brush, coloured);
    else if (source.role === "point") this.points(layer, part, brush, coloured);
    else if (coloured === null)
      this.draw(
        this.pathOf(layer, part, () => true),
        brush,
      );
    else this.classes(layer, part, brush, coloured);
  }

  private brush(role: FlatRole, coloured: Paint | null): Brush {
    const brush = BRUSHES[role];
    if (role === "water" && this.zoom < QUAY_FROM_ZOOM) return { fill: CITY.water };
    if (role !== "buildings" || this.zoom >= OUTLINE_FROM_ZOOM) return brush;
    return coloured === null ? { fill: CITY.roof } : { ...brush, width: 0.3 };
  }

  /** One path per class, so that thousands of houses cost a handful of fills. */
  private classes(layer: VectorTileLayer, part: TilePart, brush: Brush, paint: Paint): void {
    const colours = new Set([CITY.wall as string, ...paint.classes.map((one) => one.colour)]);
    for (const colour of colours) {
      const path = this.pathOf(
        layer,
        part,
        (f) => colourOf(f.properties[paint.column], paint.classes) === colour,
      );
      const lined = brush.fill === undefined ? { ...brush, line: colour } : { ...brush, fill: colour };
      this.draw(path, lined);
    }
  }

  private draw(path: Path2D, brush: Brush): void {
    const canvas = this.canvas;
    if (brush.fill !== undefined) {
      canvas.fillStyle = brush.fill;
      // Not even-odd: houses that overlap would cut holes in each other. The rings have their own direction.
      canvas.fill(path, "nonzero");
    }
    if (brush.line !== undefined) {
      canvas.strokeStyle = brush.line;
      canvas.lineWidth = brush.width ?? 1;
      canvas.setLineDash([...(brush.dash ?? [])]);
      canvas.stroke(path);
    }
  }

  private pathOf(layer: VectorTileLayer, part: TilePart, takes: (f: VectorTileFeature) => boolean): Path2D {
    const path = new Path2D();
    const k = (this.side * part.scale) / layer.extent;
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      if (feature.type < 2 || !takes(feature)) continue;
      for (const ring of feature.loadGeometry()) {
        ring.forEach((point, n) => {
          const x = point.x * k - part.dx * this.side;
          const y = point.y * k - part.dy * this.side;
          if (n === 0) path.moveTo(x, y);
          else path.lineTo(x, y);
        });
        if (feature.type === 3) path.closePath();
      }
    }
    return path;
  }

  /** Crowns at their own size; from afar only the wide ones, as dots. One path for all of one colour. */
  private trees(layer: VectorTileLayer, part: TilePart, brush: Brush, paint: Paint | null): void {
    const k = (this.side * part.scale) / layer.extent;
    const paths = new Map<string, Path2D>();
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      const crown = Number(feature.properties[CROWN_COLUMN]) || 0;
      const radius = crown / 2 / this.metresPerPixel;
      if (radius < SMALLEST_CROWN && crown < WIDE_CROWN_M) continue;
      const colour =
        paint === null ? (brush.fill ?? "") : colourOf(feature.properties[paint.column], paint.classes);
      const path = paths.get(colour) ?? new Path2D();
      paths.set(colour, path);
      for (const point of feature.loadGeometry().flat()) {
        const x = point.x * k - part.dx * this.side;
        const y = point.y * k - part.dy * this.side;
        path.moveTo(x + Math.max(radius, 1), y);
        path.arc(x, y, Math.max(radius, 1), 0, Math.PI * 2);
      }
    }
    for (const [fill, path] of paths) this.draw(path, { ...brush, fill });
  }

  /** Lines in the colour of what they carry; in dashes where nobody knows how deep they lie. */
  private tubes(layer: VectorTileLayer, part: TilePart, brush: Brush, paint: Paint | null): void {
    const column = paint === null ? CARRIES_COLUMN : paint.column;
    const colourFor = (f: VectorTileFeature) =>
      paint === null
        ? (TUBES[String(f.properties[column])] ?? (TUBES.overig as string))
        : colourOf(f.properties[column], paint.classes);
    const width = this.zoom >= OUTLINE_FROM_ZOOM ? 4 : 2.5;
    const unknown = (f: VectorTileFeature) => f.properties[DEPTH_KNOWN_COLUMN] === "nee";
    const colours = new Set<string>();
    for (let i = 0; i < layer.length; i += 1) colours.add(colourFor(layer.feature(i)));
    for (const line of colours) {
      const of = (dashed: boolean) =>
        this.pathOf(layer, part, (f) => colourFor(f) === line && unknown(f) === dashed);
      this.draw(of(false), { ...brush, line, width });
      this.draw(of(true), { ...brush, line, width, dash: [3 * width, 2 * width] });
    }
  }

  private points(layer: VectorTileLayer, part: TilePart, brush: Brush, paint: Paint | null): void {
    const k = (this.side * part.scale) / layer.extent;
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      const colour = paint === null ? brush.fill : colourOf(feature.properties[paint.column], paint.classes);
      for (const ring of feature.loadGeometry()) {
        for (const point of ring) {
          const path = new Path2D();
          path.arc(point.x * k - part.dx * this.side, point.y * k - part.dy * this.side, 6, 0, Math.PI * 2);
          this.draw(path, { ...brush, fill: colour ?? CITY.line });
        }
      }
    }
  }
}

/** Paints a vector tile on a canvas in the colours of the city. */

import type { VectorTileFeature, VectorTileLayer } from "@mapbox/vector-tile";
import type { FlatRole, FlatSource } from "../../api/shapes";
import { colourOf } from "../../drawing/legend";
import { CITY, TUBES } from "../../drawing/palette";
import { allHold } from "../../state/conditions";
import type { DrawnLook } from "../engine";
import { type Brush, brushesOf } from "./brushes";
import type { TilePart } from "./tiles";

/** How a layer is painted, and which of its columns hold several values. */
export interface Paint extends DrawnLook {
  readonly listed: ReadonlySet<string>;
  /** What is still to come is hatched, with a dashed edge. */
  readonly planned: boolean;
}

/** The features of one source in one tile, and which of them are shown. */
interface Drawn {
  readonly layer: VectorTileLayer;
  readonly part: TilePart;
  takes(feature: VectorTileFeature): boolean;
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

/** A plan: not there yet. */
const PLAN: Brush = { fill: CITY.plan, line: CITY.plan, width: 1.6, dash: [6, 4], hatched: true };
/** CSS pixels between two lines; tiles of 512 pixels then fit together. */
const HATCH = 8;
const HATCH_SHARPNESS = 4;

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
    private readonly base: string,
  ) {
    canvas.scale(ratio, ratio);
    canvas.lineJoin = "round";
  }

  paint(source: FlatSource, part: TilePart, paint: Paint): void {
    const layer = part.tile.layers[source.name];
    if (layer === undefined) return;
    const coloured = paint.classes.length > 0 ? paint : null;
    const brush = paint.planned ? PLAN : this.brush(source.role, coloured);
    const drawn: Drawn = { layer, part, takes: (f) => takes(f, paint) };
    this.canvas.globalAlpha = paint.opacity;
    if (source.role === "tree") this.trees(drawn, brush, coloured);
    else if (source.role === "tube") this.tubes(drawn, brush, coloured);
    else if (source.role === "point") this.points(drawn, brush, coloured);
    else if (coloured === null) this.draw(this.pathOf(drawn), brush);
    else this.classes(drawn, brush, coloured);
    this.canvas.globalAlpha = 1;
  }

  private brush(role: FlatRole, coloured: Paint | null): Brush {
    const brush = brushesOf(this.base)[role];
    if (role === "water" && this.zoom < QUAY_FROM_ZOOM) return { fill: brush.fill ?? CITY.water };
    if (role !== "buildings" || this.zoom >= OUTLINE_FROM_ZOOM) return brush;
    return coloured === null ? { fill: brush.fill ?? CITY.roof } : { ...brush, width: 0.3 };
  }

  /** One path per class, so that thousands of houses cost a handful of fills. */
  private classes(drawn: Drawn, brush: Brush, paint: Paint): void {
    const colours = new Set([CITY.wall as string, ...paint.classes.map((one) => one.colour)]);
    for (const colour of colours) {
      const path = this.pathOf(drawn, (f) => painted(f, paint) === colour);
      const lined = brush.fill === undefined ? { ...brush, line: colour } : { ...brush, fill: colour };
      this.draw(path, lined);
    }
  }

  private draw(path: Path2D, brush: Brush): void {
    const canvas = this.canvas;
    if (brush.fill !== undefined) {
      canvas.fillStyle = brush.hatched === true ? this.hatch(brush.fill) : brush.fill;
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

  private hatch(colour: string): CanvasPattern | string {
    const side = HATCH * HATCH_SHARPNESS;
    const cell = document.createElement("canvas");
    cell.width = cell.height = side;
    const context = cell.getContext("2d");
    if (context === null) return colour;
    context.strokeStyle = colour;
    context.lineWidth = 1.4 * HATCH_SHARPNESS;
    for (const shift of [-side, 0, side]) {
      context.moveTo(shift - side / 2, side * 1.5);
      context.lineTo(shift + side * 1.5, -side / 2);
    }
    context.stroke();
    const pattern = this.canvas.createPattern(cell, "repeat");
    pattern?.setTransform(new DOMMatrix().scale(1 / HATCH_SHARPNESS));
    return pattern ?? colour;
  }

  private pathOf(
    { layer, part, takes: shown }: Drawn,
    also: (f: VectorTileFeature) => boolean = () => true,
  ): Path2D {
    const path = new Path2D();
    const k = (this.side * part.scale) / layer.extent;
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      if (feature.type < 2 || !shown(feature) || !also(feature)) continue;
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
  private trees({ layer, part, takes: shown }: Drawn, brush: Brush, paint: Paint | null): void {
    const k = (this.side * part.scale) / layer.extent;
    const paths = new Map<string, Path2D>();
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      if (!shown(feature)) continue;
      const crown = Number(feature.properties[CROWN_COLUMN]) || 0;
      const radius = crown / 2 / this.metresPerPixel;
      if (radius < SMALLEST_CROWN && crown < WIDE_CROWN_M) continue;
      const colour = paint === null ? (brush.fill ?? "") : painted(feature, paint);
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
  private tubes(drawn: Drawn, brush: Brush, paint: Paint | null): void {
    const { layer } = drawn;
    const colourFor = (f: VectorTileFeature) =>
      paint === null
        ? (TUBES[String(f.properties[CARRIES_COLUMN])] ?? (TUBES.overig as string))
        : painted(f, paint);
    const width = this.zoom >= OUTLINE_FROM_ZOOM ? 4 : 2.5;
    const unknown = (f: VectorTileFeature) => f.properties[DEPTH_KNOWN_COLUMN] === "nee";
    const colours = new Set<string>();
    for (let i = 0; i < layer.length; i += 1) colours.add(colourFor(layer.feature(i)));
    for (const line of colours) {
      const of = (dashed: boolean) =>
        this.pathOf(drawn, (f) => colourFor(f) === line && unknown(f) === dashed);
      this.draw(of(false), { ...brush, line, width });
      this.draw(of(true), { ...brush, line, width, dash: [3 * width, 2 * width] });
    }
  }

  private points({ layer, part, takes: shown }: Drawn, brush: Brush, paint: Paint | null): void {
    const k = (this.side * part.scale) / layer.extent;
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      if (!shown(feature)) continue;
      const colour = paint === null ? brush.fill : painted(feature, paint);
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

function painted(feature: VectorTileFeature, paint: Paint): string {
  return colourOf(read(feature, paint.column, paint.listed), paint.classes);
}

function takes(feature: VectorTileFeature, paint: Paint): boolean {
  if (paint.where.length === 0) return true;
  const columns = paint.where.map(({ column }) => [column, read(feature, column, paint.listed)] as const);
  return allHold(paint.where, Object.fromEntries(columns));
}

/** A tile knows no lists: there the values stand behind each other in one text. */
function read(feature: VectorTileFeature, column: string, listed: ReadonlySet<string>): unknown {
  const value = feature.properties[column];
  return typeof value === "string" && listed.has(column) ? value.split(/, ?/) : value;
}

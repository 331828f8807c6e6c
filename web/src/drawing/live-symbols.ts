/** The symbols of live measurements, painted on a canvas: the same on the flat map, in the scene and in a legend. */

import type { LiveMark } from "../scene/live-mark";
import { LIVE, SELECTED } from "./palette";

export type Look = Pick<LiveMark, "form" | "glyph" | "colour" | "stale" | "suspect" | "chosen">;

/** Half the width of a symbol with its rings, in pixels. */
export const SYMBOL_REACH = 15;
const RADIUS = 8.5;
const RING = 2;

/** Signs of 20 by 20, drawn as lines. */
const GLYPHS: Readonly<Record<string, string>> = {
  bolt: "M11 3 5.500 11H10L9 17l5.500-8H10z",
  bike: "M3 13a2.800 2.800 0 1 0 5.600 0a2.800 2.800 0 1 0-5.600 0M11.500 13a2.800 2.800 0 1 0 5.600 0a2.800 2.800 0 1 0-5.600 0M5.800 13l2.700-6h4l1.800 6M8.500 7l3 6",
  parking: "M7.500 16V4.500h3.200a3.300 3.300 0 0 1 0 6.600H7.500",
  wheelchair: "M8 4.200v.3M8 7v5h5l2 4M8 9.500h4M6.500 10a4.300 4.300 0 1 0 5.800 5",
  stop: "M5 4h10v9H5zM5 9h10M7 13v2.500M13 13v2.500",
  bridge: "M2.500 14.500h15M5 14.500 12 6M15 14.500V10",
  alert: "M10 5v6.200M10 14.200v.4",
  works: "M10 4 6 16h8zM7.500 11.500h5",
  board: "M3.500 5.500h13v7h-13zM7 16v-3.500M13 16v-3.500",
  drop: "M10 3.500c3 4 4.500 5.800 4.500 8.200a4.500 4.500 0 0 1-9 0c0-2.400 1.500-4.200 4.500-8.200Z",
  zone: "M10 4a6 6 0 1 0 .01 0M6 14l8-8",
  energy: "M10 10v6.500M10 10 7 4.500M10 10l6 .5M10 10l-5 3.500",
};

/** What makes two symbols the same picture. */
export function symbolKey({ form, glyph, colour, stale, suspect, chosen }: Look): string {
  return [form, glyph, stale ? "stale" : colour, suspect ? 1 : 0, chosen ? 1 : 0].join("|");
}

/** Around (0, 0) of the pen, looking north. */
export function paintSymbol(pen: CanvasRenderingContext2D, look: Look): void {
  pen.lineJoin = "round";
  pen.lineCap = "round";
  const shape = shapeOf(look);
  if (look.chosen) stroke(pen, shape, SELECTED, 2 * RING + 8);
  stroke(pen, shape, LIVE.hairline, 2 * RING + 1);
  stroke(pen, shape, LIVE.ring, 2 * RING);
  pen.fillStyle = fillOf(look);
  pen.fill(shape);
  if (look.stale) staleMark(pen, shape);
  else if (look.form === "sign" || look.form === "warning") stroke(pen, shape, look.colour, 1.8);
  glyph(pen, look);
  if (look.suspect && !look.stale) badge(pen);
}

/** A picture of it alone, so many times as sharp. */
export function symbolPicture(look: Look, sharp: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 2 * SYMBOL_REACH * sharp;
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    pen.scale(sharp, sharp);
    pen.translate(SYMBOL_REACH, SYMBOL_REACH);
    paintSymbol(pen, look);
  }
  return canvas;
}

/** The words beside a symbol, with its left side at (0, 0). */
export function paintValue(pen: CanvasRenderingContext2D, text: string, stale: boolean): void {
  pen.font = VALUE_FONT;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = LIVE.ring;
  pen.strokeText(text, 0, 0);
  pen.fillStyle = stale ? LIVE.staleInk : LIVE.ink;
  pen.fillText(text, 0, 0);
}

export const VALUE_FONT = '600 14px "Source Sans 3", sans-serif';
export const VALUE_HEIGHT = 18;

function shapeOf({ form }: Look): Path2D {
  const path = new Path2D();
  if (form === "circle") path.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  else if (form === "square" || form === "sign")
    path.roundRect(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS, 3.5);
  else polygon(path, POLYGONS[form]);
  return path;
}

const POLYGONS: Readonly<Record<"diamond" | "warning" | "arrow", readonly (readonly [number, number])[]>> = {
  diamond: [
    [0, -10],
    [10, 0],
    [0, 10],
    [-10, 0],
  ],
  warning: [
    [0, -10],
    [10.5, 8],
    [-10.5, 8],
  ],
  arrow: [
    [0, -10],
    [7.5, 8],
    [0, 4.5],
    [-7.5, 8],
  ],
};

function polygon(path: Path2D, corners: readonly (readonly [number, number])[]): void {
  corners.forEach(([x, y], n) => {
    if (n === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  path.closePath();
}

function stroke(pen: CanvasRenderingContext2D, shape: Path2D, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(shape);
}

function fillOf({ form, stale, colour }: Look): string {
  if (stale) return LIVE.stale;
  return form === "sign" || form === "warning" ? LIVE.ring : colour;
}

/** Told from a value by its form: an open ring with a stroke through it. */
function staleMark(pen: CanvasRenderingContext2D, shape: Path2D): void {
  stroke(pen, shape, LIVE.staleInk, 1.6);
  pen.beginPath();
  pen.moveTo(-3.6, 3.6);
  pen.lineTo(3.6, -3.6);
  pen.stroke();
}

function glyph(pen: CanvasRenderingContext2D, { form, glyph: name, colour, stale }: Look): void {
  const path = GLYPHS[name];
  if (path === undefined || stale) return;
  pen.save();
  const scale = form === "warning" ? 0.55 : 0.75;
  pen.translate(0, form === "warning" ? 2.5 : 0);
  pen.scale(scale, scale);
  pen.translate(-10, -10);
  pen.lineWidth = 2.2;
  pen.strokeStyle = form === "sign" || form === "warning" ? colour : inkOn(colour);
  pen.stroke(new Path2D(path));
  pen.restore();
}

/** A value that was marked as suspect carries a small triangle. */
function badge(pen: CanvasRenderingContext2D): void {
  const path = new Path2D();
  polygon(path, [
    [8, -13],
    [13.5, -4],
    [2.5, -4],
  ]);
  stroke(pen, path, LIVE.ring, 2.5);
  pen.fillStyle = LIVE.suspect;
  pen.fill(path);
}

/** Dark or light, by which stands out from the colour. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((n) => {
    const share = Number.parseInt(colour.slice(n, n + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3 ? LIVE.ink : LIVE.ring;
}

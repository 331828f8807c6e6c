/** Live measurements on top of the flat map, with their values where there is room. */

import type L from "leaflet";
import type { Position } from "../../api/shapes";
import {
  paintSymbol,
  paintValue,
  SYMBOL_REACH,
  symbolKey,
  symbolPicture,
  VALUE_FONT,
  VALUE_HEIGHT,
} from "../../drawing/live-symbols";
import { LIVE, SELECTED } from "../../drawing/palette";
import type { ScreenPoint } from "../engine";
import { type Box, collides } from "../label-boxes";
import { type LiveMark, nearestMark, type OnScreen } from "../live-mark";
import { measured } from "../measured";

/** Nearer than this values are written beside their symbols. */
const VALUES_FROM_ZOOM = 14;
const LINE_PIXELS = 4.5;
/** The two directions of a road lie beside each other: each keeps to its right. */
const ASIDE_PIXELS = 3.5;

export class LiveCanvas {
  private readonly canvas = document.createElement("canvas");
  private readonly pictures = new Map<string, HTMLCanvasElement>();
  private marks: readonly LiveMark[] = [];
  private drawn: readonly OnScreen[] = [];
  private asked = 0;

  constructor(private readonly map: L.Map) {
    this.canvas.className = "map-live";
    this.canvas.setAttribute("aria-hidden", "true");
    map.getContainer().append(this.canvas);
    map.on("move zoomend viewreset resize", this.redraw, this);
    map.on("zoomstart", this.clear, this);
  }

  set(marks: readonly LiveMark[]): void {
    this.marks = marks;
    this.redraw();
  }

  at(point: ScreenPoint): LiveMark | null {
    return nearestMark(this.drawn, point);
  }

  remove(): void {
    cancelAnimationFrame(this.asked);
    this.canvas.remove();
  }

  private redraw(): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => measured("live", () => this.draw()));
  }

  private clear(): void {
    cancelAnimationFrame(this.asked);
    this.canvas.width = 0;
    this.drawn = [];
  }

  private draw(): void {
    const size = this.map.getSize();
    const ratio = Math.max(1, devicePixelRatio);
    this.canvas.width = size.x * ratio;
    this.canvas.height = size.y * ratio;
    const pen = this.canvas.getContext("2d");
    if (pen === null) return;
    pen.scale(ratio, ratio);
    this.drawn = this.marks.flatMap((mark) => this.placed(mark, size));
    for (const one of this.drawn) if (one.points.length > 1) line(pen, one);
    const symbols = this.drawn.map((one) => ({ one, at: this.pixel(one.mark.at) }));
    for (const { one, at } of symbols) this.symbol(pen, one, at, ratio);
    if (this.map.getZoom() >= VALUES_FROM_ZOOM) values(pen, symbols);
  }

  /** With its pixels, when it is in sight. */
  private placed(mark: LiveMark, size: L.Point): readonly OnScreen[] {
    const points =
      mark.line === null ? [this.pixel(mark.at)] : aside(mark.line.map((place) => this.pixel(place)));
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const out =
      Math.max(...xs) < -SYMBOL_REACH ||
      Math.min(...xs) > size.x + SYMBOL_REACH ||
      Math.max(...ys) < -SYMBOL_REACH ||
      Math.min(...ys) > size.y + SYMBOL_REACH;
    return out ? [] : [{ mark, points }];
  }

  private symbol(
    pen: CanvasRenderingContext2D,
    { mark, points }: OnScreen,
    at: ScreenPoint,
    ratio: number,
  ): void {
    const turn = ((mark.headingDeg ?? 0) * Math.PI) / 180;
    if (mark.line !== null) {
      // Only where the line is longer than its arrow.
      const [first, last] = [points[0] as ScreenPoint, points.at(-1) as ScreenPoint];
      if (Math.hypot(first.x - last.x, first.y - last.y) < 2 * SYMBOL_REACH) return;
      pen.save();
      const shift = ASIDE_PIXELS;
      pen.translate(at.x + Math.cos(turn) * shift, at.y + Math.sin(turn) * shift);
      pen.rotate(turn);
      pen.scale(0.6, 0.6);
      paintSymbol(pen, mark);
      pen.restore();
      return;
    }
    pen.save();
    pen.translate(at.x, at.y);
    if (mark.form === "arrow") pen.rotate(turn);
    pen.drawImage(
      this.picture(mark, ratio),
      -SYMBOL_REACH,
      -SYMBOL_REACH,
      2 * SYMBOL_REACH,
      2 * SYMBOL_REACH,
    );
    pen.restore();
  }

  private picture(mark: LiveMark, ratio: number): HTMLCanvasElement {
    const key = `${symbolKey(mark)}|${ratio}`;
    const known = this.pictures.get(key) ?? symbolPicture(mark, ratio);
    this.pictures.set(key, known);
    return known;
  }

  private pixel([lon, lat]: Position): ScreenPoint {
    const { x, y } = this.map.latLngToContainerPoint([lat ?? 0, lon ?? 0]);
    return { x, y };
  }
}

/** Moved to the right, as seen along the line. */
function aside(points: readonly ScreenPoint[]): readonly ScreenPoint[] {
  return points.map((point, n) => {
    const [a, b] = [
      points[Math.max(0, n - 1)] as ScreenPoint,
      points[Math.min(points.length - 1, n + 1)] as ScreenPoint,
    ];
    const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    return {
      x: point.x - ((b.y - a.y) / long) * ASIDE_PIXELS,
      y: point.y + ((b.x - a.x) / long) * ASIDE_PIXELS,
    };
  });
}

function line(pen: CanvasRenderingContext2D, { mark, points }: OnScreen): void {
  pen.lineCap = "round";
  pen.lineJoin = "round";
  const path = new Path2D();
  points.forEach(({ x, y }, n) => {
    if (n === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  const layers: readonly (readonly [string, number])[] = [
    ...(mark.chosen ? [[SELECTED, LINE_PIXELS + 8] as const] : []),
    [LIVE.hairline, LINE_PIXELS + 3.5],
    [LIVE.ring, LINE_PIXELS + 2.5],
    [mark.stale ? LIVE.staleLine : mark.colour, LINE_PIXELS],
  ];
  layers.forEach(([colour, width], n) => {
    // What has no recent value is a broken line.
    pen.setLineDash(mark.stale && n === layers.length - 1 ? [6, 6] : []);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke(path);
  });
  pen.setLineDash([]);
}

/** Those that fit, what is chosen and what is recent first. */
function values(
  pen: CanvasRenderingContext2D,
  symbols: readonly { readonly one: OnScreen; readonly at: ScreenPoint }[],
): void {
  const taken: Box[] = symbols.map(({ at: { x, y } }) => ({
    left: x - 9,
    right: x + 9,
    top: y - 9,
    bottom: y + 9,
  }));
  pen.font = VALUE_FONT;
  const ranked = [...symbols].sort((a, b) => rank(b.one.mark) - rank(a.one.mark));
  for (const { one, at } of ranked) {
    const { label, stale } = one.mark;
    if (label === "") continue;
    const left = at.x + SYMBOL_REACH;
    const box = {
      left,
      right: left + pen.measureText(label).width,
      top: at.y - VALUE_HEIGHT / 2,
      bottom: at.y + VALUE_HEIGHT / 2,
    };
    if (collides(box, taken, 2)) continue;
    taken.push(box);
    pen.save();
    pen.translate(left, at.y);
    paintValue(pen, label, stale);
    pen.restore();
  }
}

function rank({ chosen, stale }: LiveMark): number {
  return chosen ? 2 : stale ? 0 : 1;
}

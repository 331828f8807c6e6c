/** Street, water and neighbourhood names on top of the flat map, none across another. */

import type L from "leaflet";
import type { MapLabel } from "../../api/shapes";
import type { LabelInk } from "../../drawing/palette";
import { type Box, collides, labelBox } from "../label-boxes";

const FONTS: Readonly<Record<MapLabel["kind"], string>> = {
  street: '400 14px "Source Sans 3", sans-serif',
  water: 'italic 400 15px "Source Sans 3", sans-serif',
  area: '600 18px "Source Sans 3", sans-serif',
};

/** Street names come in when there is room for them. */
const FROM_ZOOM: Readonly<Record<MapLabel["kind"], number>> = { area: 12, water: 14, street: 15.5 };

export class LabelCanvas {
  private readonly canvas = document.createElement("canvas");
  private asked = 0;

  constructor(
    private readonly map: L.Map,
    private readonly labels: () => readonly MapLabel[],
    private readonly ink: () => LabelInk,
  ) {
    this.canvas.className = "map-labels";
    this.canvas.setAttribute("aria-hidden", "true");
    map.getContainer().append(this.canvas);
    map.on("move zoomend viewreset resize", this.redraw, this);
    map.on("zoomstart", this.clear, this);
  }

  redraw(): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => this.draw());
  }

  remove(): void {
    cancelAnimationFrame(this.asked);
    this.canvas.remove();
  }

  private clear(): void {
    cancelAnimationFrame(this.asked);
    this.canvas.width = 0;
  }

  private draw(): void {
    const size = this.map.getSize();
    const ratio = Math.max(1, devicePixelRatio);
    this.canvas.width = size.x * ratio;
    this.canvas.height = size.y * ratio;
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.scale(ratio, ratio);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    const taken: Box[] = [];
    for (const label of [...this.labels()].sort((a, b) => a.rank - b.rank)) this.place(context, label, taken);
  }

  private place(context: CanvasRenderingContext2D, label: MapLabel, taken: Box[]): void {
    if (this.map.getZoom() < FROM_ZOOM[label.kind]) return;
    const at = this.map.latLngToContainerPoint([label.lat, label.lon]);
    context.font = FONTS[label.kind];
    const width = context.measureText(label.text).width;
    const angle = label.kind === "area" ? 0 : readable(label.angleDeg);
    const box = labelBox(at.x, at.y, width, 18, angle);
    const size = this.map.getSize();
    if (box.right < 0 || box.bottom < 0 || box.left > size.x || box.top > size.y) return;
    if (collides(box, taken)) return;
    taken.push(box);
    write(context, label, at.x, at.y, angle, this.ink());
  }
}

function write(
  context: CanvasRenderingContext2D,
  label: MapLabel,
  x: number,
  y: number,
  angle: number,
  ink: LabelInk,
): void {
  const water = label.kind === "water";
  context.save();
  context.translate(x, y);
  context.rotate((-angle * Math.PI) / 180);
  context.strokeStyle = water ? ink.waterHalo : ink.halo;
  context.lineWidth = 4;
  context.strokeText(label.text, 0, 0);
  context.fillStyle = water ? ink.water : ink.ink;
  context.fillText(label.text, 0, 0);
  context.restore();
}

/** Never upside down: between -90 and 90 degrees. */
function readable(angle: number): number {
  const turned = ((((angle + 90) % 180) + 180) % 180) - 90;
  return turned === -90 ? 90 : turned;
}

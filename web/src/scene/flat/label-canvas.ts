/** Street, water and neighbourhood names on top of the flat map, none across another. */

import type L from "leaflet";
import type { MapLabel } from "../../api/shapes";
import type { LabelInk } from "../../drawing/palette";
import { fitting, labelWidth, upright } from "../label-choice";
import { writeLabel } from "../label-writing";

/** Street names come in when there is room for them, and then those of neighbourhoods go. */
const FROM_ZOOM: Readonly<Record<MapLabel["kind"], number>> = { area: 11, water: 13.5, street: 15 };
const AREAS_UP_TO_ZOOM = 17.5;
const ORDER: readonly MapLabel["kind"][] = ["area", "water", "street"];

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
    const seen = this.labels().map((label) => ({
      label,
      ...this.pixel(label),
      angleDeg: label.kind === "area" ? 0 : upright(label.angleDeg),
    }));
    const room = { width: size.x, height: size.y };
    for (const { label, x, y, angleDeg } of fitting(seen, room, this.kinds(), labelWidth)) {
      context.save();
      context.translate(x, y);
      context.rotate((-angleDeg * Math.PI) / 180);
      writeLabel(context, label, this.ink());
      context.restore();
    }
  }

  private kinds(): readonly MapLabel["kind"][] {
    const zoom = this.map.getZoom();
    return ORDER.filter((kind) => zoom >= FROM_ZOOM[kind] && (kind !== "area" || zoom <= AREAS_UP_TO_ZOOM));
  }

  private pixel({ lat, lon }: MapLabel): { x: number; y: number } {
    const { x, y } = this.map.latLngToContainerPoint([lat, lon]);
    return { x, y };
  }
}

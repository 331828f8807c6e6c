/** What a visitor draws, on the flat map. */

import L from "leaflet";
import { SKETCH } from "../../drawing/palette";
import { marksOf, NO_MARKS, type SketchLabel, type SketchMarks } from "../../drawing/sketch-marks";
import type { Sketch, SketchPoint } from "../../state/screen";
import { type Box, collides, labelBox } from "../label-boxes";

const LETTER_PIXELS = 8;
const LABEL_HEIGHT = 20;

export class SketchLayer {
  private readonly group = L.layerGroup();
  private readonly labels = L.layerGroup();
  private marks: SketchMarks = NO_MARKS;

  constructor(private readonly map: L.Map) {
    this.group.addTo(map);
    this.labels.addTo(map);
    map.on("zoomend", () => this.label());
  }

  set(sketch: Sketch | null): void {
    this.marks = marksOf(sketch, document.documentElement.lang);
    this.group.clearLayers();
    const { lines, fill, points } = this.marks;
    if (fill.length > 0) this.group.addLayer(L.polygon(fill.map(place), FILL));
    for (const line of lines) {
      this.group.addLayer(L.polyline(line.map(place), CASING));
      this.group.addLayer(L.polyline(line.map(place), LINE));
    }
    points.forEach((point, n) => {
      const last = n === points.length - 1;
      this.group.addLayer(L.circleMarker(place(point), { ...POINT, radius: last ? 7 : 5 }));
    });
    this.label();
  }

  /** Only where the line is longer than its own words, and none across another. */
  private label(): void {
    this.labels.clearLayers();
    const taken: Box[] = [];
    for (const label of this.marks.labels) {
      const width = label.text.length * LETTER_PIXELS;
      const at = this.map.latLngToLayerPoint(place(label));
      const box = labelBox(at.x, at.y, width, LABEL_HEIGHT);
      if (this.pixels(label) < width || collides(box, taken, 0)) continue;
      taken.push(box);
      const words = document.createElement("span");
      words.textContent = label.text;
      const icon = L.divIcon({ className: "sketch-label", html: words, iconSize: [0, 0] });
      this.labels.addLayer(L.marker(place(label), { icon, interactive: false, keyboard: false, alt: "" }));
    }
  }

  private pixels({ lat, roomM }: SketchLabel): number {
    const perPixel = (156_543.034 * Math.cos((lat * Math.PI) / 180)) / 2 ** this.map.getZoom();
    return roomM / perPixel;
  }
}

const FILL: L.PolylineOptions = {
  stroke: false,
  fillColor: SKETCH.line,
  fillOpacity: 0.14,
  interactive: false,
};
const CASING: L.PolylineOptions = { color: SKETCH.casing, weight: 7, opacity: 0.95, interactive: false };
const LINE: L.PolylineOptions = { color: SKETCH.line, weight: 3, dashArray: "9 6", interactive: false };
const POINT: L.CircleMarkerOptions = {
  color: SKETCH.line,
  weight: 3,
  fillColor: SKETCH.casing,
  fillOpacity: 1,
  interactive: false,
};

function place({ lon, lat }: SketchPoint): L.LatLngTuple {
  return [lat, lon];
}

/** The flat map: Leaflet, with tiles painted by ourselves. Needs no WebGL. */

import L from "leaflet";
import "leaflet/dist/leaflet.css";
import type { FlatSource, MapLabel } from "../../api/shapes";
import { knownBase, labelInk, leftOut, namesStreets } from "../../drawing/base-looks";
import { listedColumns } from "../../drawing/listed";
import { SELECTED } from "../../drawing/palette";
import { plannedLayers } from "../../drawing/planned";
import { MEASURED } from "../../state/live";
import { PAPER } from "../../state/screen";
import {
  type City,
  type Engine,
  type EngineEvents,
  type Picked,
  PLAIN,
  reducedMotion,
  type ScreenPoint,
  type Selection,
  type Shown,
  type Side,
  type Spot,
} from "../engine";
import { isShown } from "../label-choice";
import { loadLabelFonts } from "../label-fonts";
import {
  distanceFor,
  freeCentre,
  type Insets,
  metresPerPixel,
  NO_INSETS,
  type Pose,
  type Size,
} from "../pose";
import { BaseTiles } from "./base-tiles";
import { DividedTiles } from "./divided-tiles";
import { flatPicture } from "./flat-picture";
import { LabelCanvas } from "./label-canvas";
import type { LiveCanvas } from "./live-canvas";
import { OwnLayers } from "./own-layers";
import type { Paint } from "./painter";
import { SketchLayer } from "./sketch-layer";
import { CityTileLayer, type TileContent } from "./tile-layer";
import { FlatTiles } from "./tiles";

/** Metres per pixel of zoom 0 at the equator. */
const ZOOM_0 = 156_543.034;
const PICK_PIXELS = 8;
const MIN_ZOOM = 11;
const MAX_ZOOM = 20;

export class FlatEngine implements Engine {
  readonly kind = "flat";
  private map!: L.Map;
  private tiles!: CityTileLayer;
  private divided!: DividedTiles;
  private labels!: LabelCanvas;
  private own!: OwnLayers;
  private sketch!: SketchLayer;
  private base!: BaseTiles;
  /** Fetched with the first live layer. */
  private live: LiveCanvas | null = null;
  private gone = false;
  private readonly archives: readonly FlatTiles[];
  private shown: Shown | null = null;
  private readonly listed: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly planned: ReadonlySet<string>;
  private chosen: L.GeoJSON | null = null;
  private insets: Insets = NO_INSETS;
  /** Kept for the way back to 3D; a flat map has north up. */
  private heading = 0;
  private pitch = -31;

  constructor(
    private readonly city: City,
    private readonly events: EngineEvents,
  ) {
    this.archives = city.scene.flat.map((map) => new FlatTiles(map));
    this.listed = listedColumns(city.layers);
    this.planned = plannedLayers(city.layers);
  }

  async mount(host: HTMLElement, start: Pose): Promise<void> {
    this.map = L.map(host, {
      keyboard: false,
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.5,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      zoomAnimation: !reducedMotion(),
      fadeAnimation: false,
      inertia: !reducedMotion(),
      maxBoundsViscosity: 0.8,
    });
    this.map.getContainer().removeAttribute("tabindex");
    this.tiles = new CityTileLayer(() => this.content(this.shown));
    this.divided = new DividedTiles(this.map, this.tiles, (side) => this.content(side));
    this.base = new BaseTiles(this.map, this.city.bases);
    this.setView(start, "jump");
    this.bound();
    this.listen();
    this.tiles.addTo(this.map);
    this.labels = new LabelCanvas(
      this.map,
      () => this.city.scene.labels.filter((label) => this.names(label)),
      () => labelInk(this.baseNow()),
    );
    this.own = new OwnLayers(this.map);
    this.sketch = new SketchLayer(this.map);
    await loadLabelFonts();
    this.labels.redraw();
  }

  view(): Pose {
    const at = this.map.containerPointToLatLng(this.middle());
    const perPixel = (ZOOM_0 * Math.cos((at.lat * Math.PI) / 180)) / 2 ** this.map.getZoom();
    return {
      lon: at.lng,
      lat: at.lat,
      heading: this.heading,
      pitch: this.pitch,
      distance: distanceFor(perPixel, this.size()),
    };
  }

  setView(pose: Pose, how: "jump" | "fly"): void {
    this.heading = pose.heading;
    this.pitch = pose.pitch;
    const zoom = this.zoomFor(pose);
    const centre = this.map.project([pose.lat, pose.lon], zoom).subtract(this.shift());
    const latLng = this.map.unproject(centre, zoom);
    if (how === "jump" || reducedMotion()) this.map.setView(latLng, zoom, { animate: false });
    else this.map.flyTo(latLng, zoom, { duration: 0.8 });
  }

  setInsets(insets: Insets, keep: "picture" | "pose"): void {
    const pose = this.view();
    this.insets = insets;
    if (keep === "pose") this.setView(pose, "jump");
  }

  /** On a flat map nothing lies in front of what is below the ground: its layers are enough. */
  show(shown: Shown): void {
    const before = this.shown;
    this.shown = shown;
    this.base.show(this.baseNow());
    if (before?.layers !== shown.layers || before?.looks !== shown.looks || before.base !== shown.base) {
      this.tiles.repaint();
      this.labels.redraw();
    }
    if (before?.swipe?.right !== shown.swipe?.right) this.labels.redraw();
    this.divided.show(shown.swipe);
    if (before?.selection !== shown.selection) this.select(shown.selection);
    if (before?.own !== shown.own) this.own.set(shown.own);
    if (before?.sketch !== shown.sketch) this.sketch.set(shown.sketch);
    if (before?.live !== shown.live) this.measure(shown);
  }

  private measure({ live }: Shown): void {
    if (this.live !== null) this.live.set(live);
    else if (live.length > 0) void this.furnishLive();
  }

  private async furnishLive(): Promise<void> {
    const { LiveCanvas } = await import("./live-canvas");
    if (this.gone || this.live !== null) return;
    this.live = new LiveCanvas(this.map);
    this.live.set(this.shown?.live ?? []);
  }

  private select(selection: Selection | null): void {
    this.chosen?.remove();
    this.chosen = null;
    if (selection?.geometry == null) return;
    this.chosen = L.geoJSON(selection.geometry as GeoJSON.GeometryObject, {
      interactive: false,
      style: { color: SELECTED, weight: 3, fillColor: SELECTED, fillOpacity: this.opacityOf(selection) },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 9, interactive: false }),
    }).addTo(this.map);
  }

  pick(point: ScreenPoint): Picked {
    const mark = this.live?.at(point);
    if (mark != null) return { kind: "object", layer: MEASURED, id: mark.id };
    const at = this.map.containerPointToLatLng([point.x, point.y]);
    const perPixel = (ZOOM_0 * Math.cos((at.lat * Math.PI) / 180)) / 2 ** this.map.getZoom();
    return { kind: "place", lon: at.lng, lat: at.lat, radiusM: perPixel * PICK_PIXELS };
  }

  spot(point: ScreenPoint): Spot {
    const at = this.map.containerPointToLatLng([point.x, point.y]);
    return { lon: at.lng, lat: at.lat, napM: null };
  }

  picture(): Promise<HTMLCanvasElement | null> {
    return flatPicture(this.map.getContainer(), this.shown?.swipe?.at ?? null);
  }

  zoom(factor: number): void {
    const steps = Math.round(-Math.log2(factor) * 2) / 2;
    this.map.setZoomAround(L.point(this.middle()), this.map.getZoom() + steps);
  }

  pan(right: number, up: number): void {
    const size = this.map.getSize();
    this.map.panBy([right * size.x, -up * size.y], { animate: !reducedMotion() });
  }

  /** A flat map has north up: there is nothing to turn. */
  turn(): void {}

  resize(): void {
    this.map.invalidateSize({ animate: false, pan: false });
  }

  destroy(): void {
    this.gone = true;
    this.labels.remove();
    this.live?.remove();
    this.map.remove();
  }

  private content(side: Side | null): TileContent {
    return {
      archives: this.archives,
      shows: (source) => this.shows(side, source),
      paint: (source) => this.paintOf(side, source),
      base: this.baseNow(),
    };
  }

  private shows(side: Side | null, { layer, role }: FlatSource): boolean {
    const on = layer === null || side?.layers.has(layer) === true;
    const plain = !side?.looks.has(layer ?? "");
    return on && !(plain && leftOut(this.baseNow(), role));
  }

  private baseNow(): string {
    return knownBase(this.shown?.base ?? PAPER, this.city.bases);
  }

  private names(label: MapLabel): boolean {
    const sides = [this.shown, this.shown?.swipe?.right];
    const on = sides.some((side) => side != null && isShown(label, side.layers));
    return on && (label.kind !== "street" || namesStreets(this.baseNow()));
  }

  private paintOf(side: Side | null, { layer }: FlatSource): Paint {
    const look = side?.looks.get(layer ?? "") ?? PLAIN;
    const planned = this.planned.has(layer ?? "");
    return { ...look, planned, listed: this.listed.get(layer ?? "") ?? new Set<string>() };
  }

  /** A chosen house is filled; a chosen neighbourhood keeps what is inside readable. */
  private opacityOf(selection: Selection): number {
    const role = this.city.layers.find((layer) => layer.id === selection.layer)?.style.role;
    return role === "building" ? 0.85 : role === "area" || role === "boundary" ? 0.08 : 0.45;
  }

  private listen(): void {
    this.map.on("move", () => this.events.move(this.view(), false));
    this.map.on("moveend", () => this.events.move(this.view(), true));
    // Leaflet itself keeps back the click at the end of a drag.
    this.map.on("click", (event) => this.events.click(event.containerPoint));
    this.tiles.once("load", () => this.events.ready());
    this.tiles.on("tileerror", (event) => this.events.failed(event.error));
  }

  private bound(): void {
    const boxes = this.city.scene.flat.map((map) => map.bounds);
    if (boxes.length === 0) return;
    const bounds = L.latLngBounds([]);
    for (const [west, south, east, north] of boxes) {
      bounds.extend([south, west]);
      bounds.extend([north, east]);
    }
    this.map.setMaxBounds(bounds.pad(0.1));
    // No further out than where the city fills the screen: beyond lies nothing.
    const least = Math.floor(this.map.getBoundsZoom(bounds) * 2) / 2;
    this.map.setMinZoom(Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, least)));
  }

  private size(): Size {
    const size = this.map.getSize();
    return { width: size.x, height: size.y };
  }

  private middle(): L.PointTuple {
    const [x, y] = freeCentre(this.size(), this.insets);
    return [x, y];
  }

  /** From the middle of the map to the middle of its free part. */
  private shift(): L.Point {
    const size = this.map.getSize();
    const [x, y] = this.middle();
    return L.point(x - size.x / 2, y - size.y / 2);
  }

  private zoomFor(pose: Pose): number {
    const perPixel = metresPerPixel(pose, this.size());
    const zoom = Math.log2((ZOOM_0 * Math.cos((pose.lat * Math.PI) / 180)) / perPixel);
    return Math.min(MAX_ZOOM, Math.max(this.map.getMinZoom(), Math.round(zoom * 2) / 2));
  }
}

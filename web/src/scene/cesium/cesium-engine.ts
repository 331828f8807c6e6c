/** The city in 3D, after the recipe: paper, one warm light, thin lines, data the only colour. */

import { Cartesian3 } from "@cesium/engine";
import { SELECTED } from "../../drawing/palette";
import { MEASURED } from "../../state/live";
import {
  type City,
  type Engine,
  type EngineEvents,
  type Picked,
  type PictureHow,
  reducedMotion,
  type ScreenPoint,
  type Selection,
  type Shown,
  type Side,
  type Spot,
} from "../engine";
import { loadLabelFonts } from "../label-fonts";
import { measured } from "../measured";
import { between, type Insets, type Pose, samePose } from "../pose";
import { isWalking, onStreet } from "../walking";
import { CameraRig } from "./camera-rig";
import { CityTilesets, isGround, isHouse, isStreet } from "./city-tilesets";
import { Detail } from "./detail";
import { GroundShapes } from "./ground-shapes";
import type { SceneLive } from "./live-shapes";
import { LooseLayers } from "./loose-layers";
import { OwnModels } from "./own-models";
import { Picking } from "./picking";
import { PointerInput } from "./pointer";
import { SceneLabels } from "./scene-labels";
import { SceneWindow } from "./scene-window";
import { setShadows } from "./shadows";
import { SceneSketch } from "./sketch-marks";
import { Sunlight } from "./sunlight";

const STILL_AFTER_MS = 220;
const FLIGHT_MS = 900;
const LOADING_RESOLUTION = 0.5;

/** Before the screen has said anything. */
const NOTHING: Shown = {
  layers: new Set(),
  looks: new Map(),
  selection: null,
  base: "paper",
  underground: false,
  depthM: 0,
  groundOpacity: 0.25,
  walking: false,
  sun: null,
  swipe: null,
  sketch: null,
  own: [],
  live: [],
};

/** Shapes that the engine cannot cut at the line: those of either side, in the look of the left where it has one. */
function undivided({ layers, looks, swipe }: Shown): Side {
  if (swipe === null) return { layers, looks };
  const { right } = swipe;
  return {
    layers: new Set([...layers, ...right.layers]),
    looks: new Map([...[...right.looks].filter(([id]) => !layers.has(id)), ...looks]),
  };
}

/** The line of a divided map is dragged: nothing else is to be drawn anew. */
function onlyLineMoved(before: Shown, { swipe, ...rest }: Shown): boolean {
  const same = (Object.keys(rest) as (keyof typeof rest)[]).every((key) => before[key] === rest[key]);
  return same && swipe !== null && before.swipe?.right === swipe.right;
}

export class CesiumEngine implements Engine {
  readonly kind = "cesium";
  private window!: SceneWindow;
  private rig!: CameraRig;
  private detail!: Detail;
  private sunlight!: Sunlight;
  private tilesets!: CityTilesets;
  private labels!: SceneLabels;
  private loose!: LooseLayers;
  private chosen!: GroundShapes;
  private own!: OwnModels;
  private sketch!: SceneSketch;
  /** Fetched with the first live layer. */
  private live: SceneLive | null = null;
  private picking!: Picking;
  private pointer!: PointerInput;
  private shown: Shown = NOTHING;
  private moving = false;
  private stillTimer = 0;
  private flight = 0;

  constructor(
    private readonly city: City,
    private readonly events: EngineEvents,
  ) {}

  async mount(host: HTMLElement, start: Pose, first: Shown | null): Promise<void> {
    this.window = new SceneWindow(host, this.city.scene.background, (error) => this.events.failed(error));
    this.furnish(host, start);
    this.draw();
    // Without a graphics card each frame of a half loaded city costs as much as a whole one: draw it small.
    if (this.window.software) this.window.setResolution(LOADING_RESOLUTION);
    this.rig.place();
    await loadLabelFonts();
    const { scene } = this.window;
    this.labels = new SceneLabels(scene, this.city.scene.labels);
    await this.tilesets.load(first ?? NOTHING);
    this.apply();
    this.watchLoading();
  }

  view(): Pose {
    return this.rig.pose;
  }

  setView(pose: Pose, how: "jump" | "fly"): void {
    cancelAnimationFrame(this.flight);
    const from = this.rig.pose;
    const flies = how === "fly" && !reducedMotion() && !this.detail.light && !this.rig.walking;
    if (flies && !samePose(from, pose)) this.fly(from, pose, performance.now());
    else {
      this.rig.jump(pose);
      this.rig.place();
      this.rest();
    }
  }

  setInsets(insets: Insets, keep: "picture" | "pose"): void {
    this.rig.setInsets(insets, keep);
    this.rig.place();
    this.rest();
  }

  show(shown: Shown): void {
    measured("show", () => this.bring(shown));
  }

  private bring(shown: Shown): void {
    const before = this.shown;
    this.shown = shown;
    if (onlyLineMoved(before, shown)) {
      this.tilesets?.moveLine(shown);
      return;
    }
    if (before.selection !== shown.selection) this.mark(shown.selection);
    if (before.own !== shown.own) this.own.set(shown.own);
    if (before.sketch !== shown.sketch) this.sketch.set(shown.sketch);
    if (before.live !== shown.live) this.measure(shown);
    const lit = this.sunlight.follow(shown.sun);
    const moved = this.rig.follow(shown);
    if (moved) this.rig.place();
    this.apply();
    if (lit || moved || before.underground !== shown.underground) this.draw();
    if (moved) this.rest();
    const sameRight = before.swipe?.right === shown.swipe?.right;
    if (before.layers !== shown.layers || before.looks !== shown.looks || !sameRight) {
      this.loose.show(undivided(shown), (layer) => this.tilesets.draws(layer));
    }
  }

  /** What has no tiles of its own is marked on the ground. */
  private mark(selection: Selection | null): void {
    const drawn = selection !== null && (selection.footprintOnly || !this.tilesets.draws(selection.layer));
    const shapes = drawn && selection.geometry !== null ? [selection.geometry] : [];
    const areal = this.city.layers.find((layer) => layer.id === selection?.layer)?.style.role;
    const quiet = areal === "area" || areal === "boundary";
    this.chosen.set(shapes, { line: SELECTED, width: 4, fill: quiet ? 0.1 : 0.55 });
  }

  private measure({ live }: Shown): void {
    if (this.live !== null) {
      measured("live", () => this.live?.set(live));
      measured("values", () => this.live?.arrange(this.window.size(), this.rig.pose));
    } else if (live.length > 0) void this.furnishLive();
  }

  private async furnishLive(): Promise<void> {
    const { SceneLive } = await import("./live-shapes");
    if (this.window.scene.isDestroyed() || this.live !== null) return;
    this.live = new SceneLive(this.window.scene, this.city.scene);
    this.measure(this.shown);
  }

  pick(point: ScreenPoint): Picked | null {
    const mark = this.live?.at(point);
    if (mark != null) return { kind: "object", layer: MEASURED, id: mark.id };
    return this.picking.pick(point);
  }

  spot(point: ScreenPoint): Spot | null {
    return this.picking.spot(point, this.shown.underground);
  }

  async picture(how: PictureHow = {}): Promise<HTMLCanvasElement | null> {
    return measured("picture", () => this.drawn(how));
  }

  private drawn({ sun, width = 0 }: PictureHow): HTMLCanvasElement {
    const { scene } = this.window;
    const share = width > 0 ? width / this.window.size().width : 1;
    const { enabled } = scene.shadowMap;
    if (sun !== undefined) {
      this.sunlight.follow(sun);
      setShadows(scene, this.sunlight.asked && !this.shown.underground, this.rig.pose.distance);
    }
    // A small picture of the same city: not one with fewer houses.
    this.tilesets.setError(this.detail.drawing.errorPixels * share);
    // Names would be blots in it.
    this.labels.show = width === 0;
    try {
      return this.window.picture(width);
    } finally {
      this.labels.show = true;
      this.sunlight.follow(this.shown.sun);
      if (scene.shadowMap.enabled !== enabled) setShadows(scene, enabled, this.rig.pose.distance);
      this.tilesets.setError(this.detail.drawing.errorPixels);
      scene.requestRender();
    }
  }

  zoom(factor: number): void {
    const to = this.rig.zoomed(factor, null);
    if (this.rig.walking) this.step(to);
    else this.setView(to, "fly");
  }

  pan(right: number, up: number): void {
    this.step(this.rig.panned(right, up));
  }

  turn(headingDeg: number, pitchDeg: number): void {
    // In the street an arrow up looks up; above the city it lifts the camera, which then looks down.
    this.step(this.rig.turned(headingDeg, this.rig.walking ? -pitchDeg : pitchDeg));
  }

  private step(pose: Pose): void {
    this.go(pose);
    this.rest();
  }

  resize(): void {
    this.window.fitCanvas();
    this.rig.place();
    this.rest();
  }

  destroy(): void {
    cancelAnimationFrame(this.flight);
    clearTimeout(this.stillTimer);
    this.detail.destroy();
    this.pointer.destroy();
    this.window.destroy();
  }

  /** The parts that each follow what is shown by themselves. */
  private furnish(host: HTMLElement, start: Pose): void {
    const { city, window } = this;
    const { scene } = window;
    const { origin } = city.scene;
    const street = city.scene.groundNapM + city.scene.geoidM;
    const size = () => window.size();
    this.tilesets = new CityTilesets(scene, city.layers, city.scene.tilesets);
    this.rig = new CameraRig(scene, start, size, street, {
      groundAt: (lon, lat) => this.tilesets.heightAt(lon, lat, isGround) ?? street,
      isInHouse: (lon, lat) => this.tilesets.heightAt(lon, lat, isHouse) !== null,
      isStreet: (lon, lat) => this.tilesets.heightAt(lon, lat, isStreet) !== null,
      onStreet: (pose) => onStreet(pose, city.scene.labels),
    });
    const home = Cartesian3.fromDegrees(origin.lon, origin.lat, origin.heightM);
    this.sunlight = new Sunlight(scene, home, origin);
    this.detail = new Detail(
      window,
      city.scene.background,
      () => ({
        shown: this.shown,
        moving: this.moving,
        sunAsked: this.sunlight.asked,
        distance: isWalking(this.rig.pose) ? 0 : this.rig.pose.distance,
      }),
      () => this.tilesets,
      (busy) => this.events.shading(busy),
    );
    this.loose = new LooseLayers(scene, city, street);
    this.chosen = new GroundShapes(scene, street);
    this.own = new OwnModels(scene, city.scene, (file, error) => {
      console.warn("own model", error);
      this.events.undrawn(file);
    });
    this.sketch = new SceneSketch(scene, city.scene);
    this.picking = new Picking(scene, this.rig, this.tilesets, size, city.scene.geoidM);
    this.pointer = new PointerInput(host, {
      drag: (from, to) => this.go(this.rig.dragged(from, to)),
      turn: (heading, pitch) => this.go(this.rig.turned(heading, pitch)),
      zoom: (factor, at) => this.go(this.rig.zoomed(factor, at)),
      click: (at) => this.events.click(at),
      rest: () => this.rest(),
    });
  }

  /** Waits for the first whole picture, then chooses the level by three frames. */
  private watchLoading(): void {
    let known = false;
    this.tilesets.watch((left, most) => this.events.progress({ done: most - left, total: most }));
    const check = () => {
      if (known || !this.tilesets.complete) return;
      known = true;
      stop();
      setTimeout(() => this.loaded());
    };
    const stop = this.window.scene.postRender.addEventListener(check);
    this.window.scene.requestRender();
  }

  private loaded(): void {
    if (this.window.scene.isDestroyed()) return;
    this.window.setResolution(1);
    this.detail.measure();
    // The ground under someone in the street has only now arrived.
    if (this.rig.walking) this.rig.place();
    this.rest();
    this.events.ready();
  }

  private fly(from: Pose, to: Pose, started: number): void {
    const t = Math.min(1, (performance.now() - started) / FLIGHT_MS);
    this.go(between(from, to, t));
    if (t < 1) this.flight = requestAnimationFrame(() => this.fly(from, to, started));
    else this.rest();
  }

  private go(pose: Pose): void {
    this.rig.pose = pose;
    this.rig.place();
    if (!this.moving) {
      this.moving = true;
      this.draw();
    }
    clearTimeout(this.stillTimer);
    this.stillTimer = window.setTimeout(() => this.rest(), STILL_AFTER_MS);
    this.events.move(pose, false);
  }

  private rest(): void {
    clearTimeout(this.stillTimer);
    this.moving = false;
    this.draw();
    this.nameStreets();
    this.window.scene.requestRender();
    this.events.move(this.rig.pose, true);
  }

  private nameStreets(): void {
    measured("labels", () => this.labels?.arrange(this.window.size(), this.rig.pose, this.shown.layers));
    measured("values", () => this.live?.arrange(this.window.size(), this.rig.pose));
  }

  private draw(): void {
    measured("draw", () => this.detail.draw());
    this.detail.sharpen();
  }

  /** Brings the tilesets in line with layers, colours and selection. */
  private apply(): void {
    measured("style", () => this.tilesets.apply(this.shown, this.detail.drawing.lines));
    this.nameStreets();
    this.window.scene.requestRender();
  }
}

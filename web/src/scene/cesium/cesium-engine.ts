/** The city in 3D, after the recipe: paper, one warm light, thin lines, data the only colour. */

import {
  Cartesian2,
  Cartesian3,
  type Cesium3DTileset,
  Color,
  Matrix4,
  type PostProcessStage,
  Transforms,
} from "@cesium/engine";
import { SELECTED } from "../../drawing/palette";
import {
  type City,
  type Engine,
  type EngineEvents,
  type Picked,
  reducedMotion,
  type ScreenPoint,
  type Selection,
  type Shown,
  type Side,
  type Spot,
} from "../engine";
import { loadLabelFonts } from "../label-fonts";
import {
  axes,
  between,
  cameraOffset,
  groundUnder,
  type Insets,
  metresPerPixel,
  moved,
  NO_INSETS,
  type Pose,
  reframed,
  samePose,
  turned,
  zoomed,
} from "../pose";
import { CityTilesets } from "./city-tilesets";
import { GroundShapes } from "./ground-shapes";
import { makeHaze } from "./haze";
import { drawingFor, type Level, levelFor, median } from "./levels";
import { lightScene } from "./light";
import { LooseLayers } from "./loose-layers";
import { OwnModels } from "./own-models";
import { PointerInput } from "./pointer";
import { SceneLabels } from "./scene-labels";
import { SceneWindow } from "./scene-window";
import { setShadows } from "./shadows";
import { SceneSketch } from "./sketch-marks";
import { spotOnSurface } from "./surface-spot";

const STILL_AFTER_MS = 220;
const FLIGHT_MS = 900;
const LOADING_RESOLUTION = 0.5;
/** Above the street: the eye rests on the houses, not on the pavement. */
const EYE_M = 4;
const PICK_PIXELS = 8;
/** Further away the lines of all houses are a scribble. */
const LINES_UP_TO_M = 4000;

/** Before the screen has said anything. */
const NOTHING: Shown = {
  layers: new Set(),
  looks: new Map(),
  selection: null,
  base: "paper",
  underground: false,
  depthM: 0,
  walking: false,
  sun: null,
  swipe: null,
  sketch: null,
  own: [],
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
  private pose!: Pose;
  private insets: Insets = NO_INSETS;
  private level: Level = "light";
  private moving = false;
  private stillTimer = 0;
  private flight = 0;
  private tilesets!: CityTilesets;
  private labels!: SceneLabels;
  private loose!: LooseLayers;
  private chosen!: GroundShapes;
  private own!: OwnModels;
  private sketch!: SceneSketch;
  private haze!: PostProcessStage;
  private pointer!: PointerInput;
  private shown: Shown = NOTHING;

  constructor(
    private readonly city: City,
    private readonly events: EngineEvents,
  ) {}

  async mount(host: HTMLElement, start: Pose): Promise<void> {
    this.window = new SceneWindow(host, this.city.scene.background, (error) => this.events.failed(error));
    this.pose = start;
    const { origin } = this.city.scene;
    const scene = this.window.scene;
    lightScene(scene, Cartesian3.fromDegrees(origin.lon, origin.lat, origin.heightM));
    this.haze = scene.postProcessStages.add(
      makeHaze(Color.fromCssColorString(this.city.scene.background), () => this.pose.distance),
    ) as PostProcessStage;
    this.loose = new LooseLayers(scene, this.city, this.groundM());
    this.chosen = new GroundShapes(scene, this.groundM());
    this.own = new OwnModels(scene, this.city.scene, (error) => console.warn("own model", error));
    this.sketch = new SceneSketch(scene, this.city.scene);
    this.pointer = new PointerInput(host, {
      drag: (from, to) => this.drag(from, to),
      turn: (heading, pitch) => this.go(turned(this.pose, heading, pitch)),
      zoom: (factor, at) => this.go(zoomed(this.pose, factor, this.ground(at))),
      click: (at) => this.events.click(at),
      rest: () => this.rest(),
    });
    this.draw();
    // Without a graphics card each frame of a half loaded city costs as much as a whole one: draw it small.
    if (this.window.software) this.window.setResolution(LOADING_RESOLUTION);
    this.place();
    await loadLabelFonts();
    this.labels = new SceneLabels(scene, this.city.scene.labels);
    this.tilesets = new CityTilesets(scene, this.city.layers);
    await this.tilesets.load(this.city.scene.tilesets);
    this.apply();
    this.watchLoading();
  }

  view(): Pose {
    return this.pose;
  }

  setView(pose: Pose, how: "jump" | "fly"): void {
    cancelAnimationFrame(this.flight);
    const flies = how === "fly" && !reducedMotion() && this.level !== "light";
    if (flies && !samePose(this.pose, pose)) this.fly(this.pose, pose, performance.now());
    else {
      this.pose = pose;
      this.place();
      this.rest();
    }
  }

  setInsets(insets: Insets, keep: "picture" | "pose"): void {
    if (keep === "picture") this.pose = reframed(this.pose, this.window.size(), this.insets, insets);
    this.insets = insets;
    this.place();
    this.rest();
  }

  show(shown: Shown): void {
    const before = this.shown;
    this.shown = shown;
    if (onlyLineMoved(before, shown)) {
      this.tilesets?.moveLine(shown);
      return;
    }
    if (before.selection !== shown.selection) this.mark(shown.selection);
    if (before.underground !== shown.underground) this.draw();
    if (before.own !== shown.own) this.own.set(shown.own);
    if (before.sketch !== shown.sketch) this.sketch.set(shown.sketch);
    this.apply();
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

  pick(point: ScreenPoint): Picked | null {
    const found: unknown = this.window.scene.pick(new Cartesian2(point.x, point.y));
    const object = this.objectOf(found);
    if (object !== null) return object;
    const ground = this.ground(point);
    if (ground === null) return null;
    const at = moved(this.pose, ...ground);
    const radiusM = metresPerPixel(this.pose, this.window.size()) * PICK_PIXELS;
    return { kind: "place", lon: at.lon, lat: at.lat, radiusM };
  }

  spot(point: ScreenPoint): Spot | null {
    const ground = this.ground(point);
    const surface = spotOnSurface(this.window.scene, point, this.city.scene.geoidM);
    if (surface !== null || ground === null) return surface;
    const at = moved(this.pose, ...ground);
    return { lon: at.lon, lat: at.lat, napM: null };
  }

  async picture(): Promise<HTMLCanvasElement | null> {
    return this.window.picture();
  }

  zoom(factor: number): void {
    this.setView(zoomed(this.pose, factor), "fly");
  }

  pan(right: number, up: number): void {
    const size = this.window.size();
    const metres = metresPerPixel(this.pose, size);
    const [east, north] = axes({ ...this.pose, pitch: -90 }).right;
    const dx = right * size.width * metres;
    const dy = up * size.height * metres;
    this.go(moved(this.pose, east * dx - north * dy, north * dx + east * dy));
    this.rest();
  }

  turn(headingDeg: number, pitchDeg: number): void {
    this.go(turned(this.pose, headingDeg, pitchDeg));
    this.rest();
  }

  resize(): void {
    this.window.fitCanvas();
    this.place();
    this.rest();
  }

  destroy(): void {
    cancelAnimationFrame(this.flight);
    clearTimeout(this.stillTimer);
    this.pointer.destroy();
    this.window.destroy();
  }

  /** Waits for the first whole picture, then chooses the level by three frames. */
  private watchLoading(): void {
    let measured = false;
    this.tilesets.watch((left, most) => this.events.progress({ done: most - left, total: most }));
    const check = () => {
      if (measured || !this.tilesets.complete) return;
      measured = true;
      stop();
      setTimeout(() => this.measure());
    };
    const stop = this.window.scene.postRender.addEventListener(check);
    this.window.scene.requestRender();
  }

  private measure(): void {
    if (this.window.scene.isDestroyed()) return;
    this.window.setResolution(1);
    this.level = levelFor(median([this.window.drawNow(), this.window.drawNow(), this.window.drawNow()]));
    this.draw();
    this.rest();
    this.events.ready();
  }

  private objectOf(found: unknown): Picked | null {
    if (typeof found !== "object" || found === null || !("getProperty" in found)) return null;
    const feature = found as { getProperty(name: string): unknown; tileset?: Cesium3DTileset };
    const id = feature.getProperty("id");
    const entry = this.tilesets.entryOf(feature.tileset);
    if (typeof id !== "string" || id === "" || entry?.layer == null) return null;
    return { kind: "object", layer: entry.layer, id };
  }

  private ground(at: ScreenPoint): readonly [number, number] | null {
    return groundUnder(this.pose, this.window.size(), this.insets, at.x, at.y);
  }

  private drag(from: ScreenPoint, to: ScreenPoint): void {
    const start = this.ground(from);
    const end = this.ground(to);
    if (start === null || end === null) return;
    const east = start[0] - end[0];
    const north = start[1] - end[1];
    const most = this.pose.distance / 2;
    if (Math.hypot(east, north) < most) this.go(moved(this.pose, east, north));
  }

  private fly(from: Pose, to: Pose, started: number): void {
    const t = Math.min(1, (performance.now() - started) / FLIGHT_MS);
    this.go(between(from, to, t));
    if (t < 1) this.flight = requestAnimationFrame(() => this.fly(from, to, started));
    else this.rest();
  }

  private go(pose: Pose): void {
    this.pose = pose;
    this.place();
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
    this.labels?.arrange(this.window.size(), this.pose.distance);
    this.window.scene.requestRender();
    this.events.move(this.pose, true);
  }

  /** Puts the engine's camera where the pose says. */
  private place(): void {
    const eye = Cartesian3.fromDegrees(this.pose.lon, this.pose.lat, this.groundM() + EYE_M);
    const frame = Transforms.eastNorthUpToFixedFrame(eye);
    const offset = cameraOffset(this.pose, this.window.size(), this.insets);
    const { direction, up } = axes(this.pose);
    const turn = (v: readonly [number, number, number]) =>
      Matrix4.multiplyByPointAsVector(frame, new Cartesian3(...v), new Cartesian3());
    this.window.scene.camera.setView({
      destination: Matrix4.multiplyByPoint(frame, new Cartesian3(...offset), new Cartesian3()),
      orientation: { direction: turn(direction), up: turn(up) },
    });
    this.window.scene.requestRender();
  }

  private groundM(): number {
    return this.city.scene.groundNapM + this.city.scene.geoidM;
  }

  /** Brings level, lines, shadows and resolution in line with what the camera is doing. */
  private draw(): void {
    const drawing = drawingFor(this.level, this.moving);
    const scene = this.window.scene;
    scene.msaaSamples = drawing.msaaSamples;
    scene.postProcessStages.fxaa.enabled = drawing.fxaa;
    // What one sees through has no depth: haze would wipe it out, and shadows would fall on nothing.
    const above = !this.shown.underground;
    this.haze.enabled = drawing.haze && above;
    const shadows = drawing.shadows && above;
    if (scene.shadowMap.enabled !== shadows) setShadows(scene, shadows);
    this.tilesets?.showLines(this.shown, drawing.lines && this.pose.distance < LINES_UP_TO_M);
    this.window.setResolution(drawing.resolution);
  }

  /** Brings the tilesets in line with layers, colours and selection. */
  private apply(): void {
    this.tilesets?.apply(this.shown, drawingFor(this.level, this.moving).lines);
    this.labels?.setLayers(this.shown.layers);
    this.labels?.arrange(this.window.size(), this.pose.distance);
    this.window.scene.requestRender();
  }
}

/** Keeps the map in step with the screen: which engine, which layers, what is chosen, where it looks. */

import type { Client } from "../api/client";
import type { Feature, Geometry, Layer, Place, SceneManifest, Twin } from "../api/shapes";
import type { City, PictureHow, Progress, ScreenPoint, Selection, Shown, Side, Spot } from "../scene/engine";
import { type MapKeys, mapKey } from "../scene/keyboard";
import type { Picture } from "../scene/picture";
import { freeCentre, type Insets, metresPerPixel, type Pose, pixelOf, type Size } from "../scene/pose";
import { canDraw3d, homePose, Stage } from "../scene/stage";
import { writeCamera } from "../state/address";
import { boundsOf, poseFor } from "../state/bounds";
import type { Legends } from "../state/legends";
import { MEASURED } from "../state/live";
import type { OwnFiles } from "../state/own-files";
import { type ObjectKey, type Screen, sameKey, type View } from "../state/screen";
import { keeping, shownOf, sideAt } from "../state/shown";
import { chosenShape } from "./chosen-shape";
import { Hover } from "./hover";
import type { LiveKeeper } from "./live-keeper";
import type { ToolContext } from "./map-tools";
import { PickFinder } from "./pick-finder";

export interface MapParts {
  readonly client: Client;
  readonly twin: Twin;
  readonly layers: readonly Layer[];
  readonly scene: SceneManifest;
  readonly legends: Legends;
  readonly own: OwnFiles;
  readonly live: LiveKeeper;
}

/** What the map tells the screen, and asks of it. */
export interface MapOwner {
  screen(): Screen;
  insets(): Insets;
  change(patch: Partial<Screen>): void;
  /** The camera came to rest. */
  rested(pose: Pose): void;
  turned(headingDeg: number): void;
  /** This view is on its way; and the first whole picture of it is there. */
  loading(progress: Progress | null): void;
  /** Shadows are on their way, or there. */
  shading(busy: boolean): void;
  ready(view: View): void;
  fellBack(): void;
  failed(): void;
  /** Whether a tool takes a click on the map; then nothing is chosen. */
  takes(spot: Spot): boolean;
  /** Whether a tool waits for clicks. */
  busy(): boolean;
  /** What one object of a layer is called. */
  nounOf(layer: string): string;
  nothingHere(): void;
  /** Whether what is chosen has no shape in 3D. */
  footprintOnly(only: boolean): void;
  /** Further below the ground, or back up; false when one is not looking there. */
  deeper(steps: number): boolean;
  leave(): void;
}

/** Fires on the map whenever its pose changes, for what is drawn over it and moves along. */
export const POSED = "tweestad-posed";
export interface Posed {
  readonly pose: Pose;
  readonly size: Size;
  readonly insets: Insets;
}

const SAY_LOADING_AFTER_MS = 700;
const CLOSE_UP_M = 450;
const AREA_M = 1600;
const MOST_SHAPES = 2000;

export class MapKeeper {
  /** Whether this device draws 3D. */
  can3d: boolean;
  private readonly stage: Stage;
  private readonly hover: Hover;
  private readonly finder: PickFinder;
  private readonly features = new Map<string, Promise<readonly Feature[]>>();
  private chosen: Selection | null = null;
  private shown: Shown | null = null;
  /** What the city has already moved for: after that the visitor moves it. */
  private uncovered: Selection | null = null;
  private choosing: Promise<void> = Promise.resolve();
  private timer = 0;
  private heading = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly parts: MapParts,
    private readonly owner: MapOwner,
  ) {
    this.can3d = canDraw3d();
    // The cross of the keyboard goes when the pointer takes over.
    for (const end of ["pointerdown", "blur"])
      host.addEventListener(end, () => host.classList.remove("by-keys"));
    this.finder = new PickFinder(parts.client, parts.layers);
    this.hover = new Hover(host, (x, y) => this.nameAt({ x, y }));
    this.stage = new Stage(host, this.city(), {
      moved: (pose, still) => this.moved(pose, still),
      clicked: (point) => void this.pickAt(point),
      ready: (view) => {
        clearTimeout(this.timer);
        owner.ready(view);
      },
      progress: (progress) => owner.loading(progress),
      shading: (busy) => owner.shading(busy),
      undrawn: (file) => parts.own.cannotDraw(file),
      fellBack: () => this.fellBack(),
      failed: (error) => {
        console.warn("the map failed", error);
        owner.failed();
      },
    });
  }

  /** What the map shows now, as its events tell. */
  get now(): Posed | null {
    const pose = this.stage.pose();
    return pose === null ? null : this.posed(pose);
  }

  /** Where in the world a point of the map is. */
  spot(point: ScreenPoint): Spot | null {
    return this.stage.spot(point);
  }

  async picture(how?: PictureHow): Promise<Picture | null> {
    const [canvas, pose] = [await this.stage.picture(how), this.stage.pose()];
    if (canvas === null || pose === null) return null;
    const size = this.size();
    const heading = this.stage.view === "2d" ? 0 : pose.heading;
    return {
      canvas,
      headingDeg: heading,
      metresPerPixel: metresPerPixel(pose, size),
      ratio: canvas.width / size.width,
    };
  }

  async start(first: View): Promise<void> {
    if (first === "3d" && !this.can3d) this.fellBack();
    const screen = this.owner.screen();
    this.parts.legends.subscribe(() => this.stage.set(this.toShow()));
    this.parts.own.subscribe(() => this.stage.set(this.toShow()));
    this.parts.live.subscribe(() => this.stage.set(this.toShow()));
    await this.choose(screen.selection);
    this.stage.set(this.toShow());
    await this.showView(first, screen.camera ?? this.startPose());
  }

  /** Bring the map in line with a changed screen. */
  follow(now: Screen, before: Screen): void {
    if (!sameKey(now.selection, before.selection)) {
      this.choosing = this.choose(now.selection).then(() => {
        this.stage.set(this.toShow());
        this.uncover();
      });
    }
    if (now.view !== before.view && now.view !== null) {
      void this.showView(now.view, this.stage.pose() ?? this.startPose());
    }
    const pose = this.stage.pose();
    const elsewhere = now.camera !== null && pose !== null && writeCamera(now.camera) !== writeCamera(pose);
    if (now.camera !== null && now.camera !== before.camera && elsewhere) this.stage.go(now.camera, "jump");
    this.stage.set(this.toShow());
  }

  cover(): void {
    const insets = this.owner.insets();
    this.stage.setInsets(insets);
    const [x, y] = freeCentre(this.size(), insets);
    this.host.style.setProperty("--free-x", `${Math.round(x)}px`);
    this.host.style.setProperty("--free-y", `${Math.round(y)}px`);
    this.uncover();
  }

  /** The query of a table that tells distances from the middle of what is chosen. */
  fromChosen(): Readonly<Record<string, string>> {
    const bounds = this.chosen?.geometry ? boundsOf(this.chosen.geometry) : null;
    if (bounds === null) return {};
    const middle = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    return { vanaf: middle.map((one) => one.toFixed(6)).join(",") };
  }

  /** The city moves for what was chosen only when a panel hides it. */
  private uncover(): void {
    const pose = this.stage.pose();
    const bounds = this.chosen?.geometry ? boundsOf(this.chosen.geometry) : null;
    if (pose === null || bounds === null || this.uncovered === this.chosen) return;
    const insets = this.owner.insets();
    const size = this.size();
    const seen = this.stage.view === "2d" ? { ...pose, heading: 0, pitch: -90 } : pose;
    const [lon, lat] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    const pixel = pixelOf(seen, size, insets, lon, lat);
    if (pixel === null) return;
    const [x, y] = pixel;
    const onScreen = x >= 0 && y >= 0 && x <= size.width && y <= size.height;
    const free = x >= insets.left && x <= size.width - insets.right && y <= size.height - insets.bottom;
    this.uncovered = this.chosen;
    if (onScreen && !free) this.stage.go({ ...pose, lon, lat }, "fly");
  }

  home(further = 1): void {
    const first = homePose(this.parts.scene);
    this.stage.go({ ...first, distance: first.distance * further }, "fly");
  }

  /** To all of what was chosen, as soon as its shape is known; else to the point of the place. */
  async flyTo(place: Place): Promise<void> {
    await this.choosing;
    const role = this.parts.layers.find((layer) => layer.id === place.layer)?.style.role;
    const distance = role === "area" || role === "boundary" ? AREA_M : CLOSE_UP_M;
    const from = this.stage.pose() ?? homePose(this.parts.scene);
    const chosen = this.chosen?.layer === place.layer ? this.chosen.geometry : null;
    const bounds = chosen === null ? null : boundsOf(chosen);
    const to = { ...from, lon: place.lon, lat: place.lat, distance };
    this.uncovered = this.chosen;
    this.stage.go(bounds === null ? to : poseFor(bounds, to, this.free()), "fly");
  }

  north(): void {
    this.stage.turn(-this.heading, 0);
  }

  zoom(factor: number): void {
    this.stage.zoom(factor);
  }

  pan(right: number, up: number): void {
    this.stage.pan(right, up);
  }

  key(event: KeyboardEvent, pickMiddle: () => void): void {
    const keys: MapKeys = {
      pan: (right, up) => this.stage.pan(right, up),
      turn: (heading, pitch) => this.stage.turn(heading, pitch),
      zoom: (factor) => this.stage.zoom(factor),
      pickMiddle: () => {
        pickMiddle();
        const [x, y] = freeCentre(this.size(), this.owner.insets());
        void this.pickAt({ x, y });
      },
      deeper: (steps) => this.owner.deeper(steps),
      leave: () => this.owner.leave(),
    };
    if (!mapKey(event, keys, this.owner.screen().walking)) return;
    this.host.classList.add("by-keys");
    event.preventDefault();
    event.stopPropagation();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.hover.destroy();
    this.stage.destroy();
  }

  private city(): City {
    const { scene, layers, client, twin } = this.parts;
    return {
      scene,
      layers,
      bases: twin.bases ?? [],
      features: (layer) => {
        const known = this.features.get(layer) ?? client.features(layer, MOST_SHAPES);
        this.features.set(layer, known);
        known.catch(() => this.features.delete(layer));
        return known;
      },
    };
  }

  /** The part of the map that no panel covers. */
  private free(): Size {
    const { width, height } = this.size();
    const { left, right, top, bottom } = this.owner.insets();
    return { width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom) };
  }

  private size(): Size {
    return { width: this.host.clientWidth || innerWidth, height: this.host.clientHeight || innerHeight };
  }

  /** A link to an object or a drawing, without a camera, looks at it. */
  private startPose(): Pose {
    const first = homePose(this.parts.scene);
    const sketch = this.owner.screen().sketch?.points.map(({ lon, lat }) => [lon, lat]) ?? [];
    const drawn: Geometry | null = sketch.length > 1 ? { type: "LineString", coordinates: sketch } : null;
    const geometry = this.chosen?.geometry ?? drawn;
    const bounds = geometry === null ? null : boundsOf(geometry);
    return bounds === null ? first : poseFor(bounds, { ...first, distance: CLOSE_UP_M }, this.size());
  }

  private async showView(view: View, pose: Pose): Promise<void> {
    const possible = this.can3d ? view : "2d";
    if (possible === this.stage.wants) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.owner.loading(null), SAY_LOADING_AFTER_MS);
    await this.stage.show(possible, pose);
    this.cover();
  }

  private moved(pose: Pose, still: boolean): void {
    this.host.dispatchEvent(new CustomEvent<Posed>(POSED, { detail: this.posed(pose) }));
    if (Math.abs(pose.heading - this.heading) > 0.5) {
      this.heading = pose.heading;
      this.owner.turned(pose.heading);
    }
    if (still && this.stage.view !== null) this.owner.rested(pose);
  }

  private posed(pose: Pose): Posed {
    return { pose, size: this.size(), insets: this.owner.insets() };
  }

  private fellBack(): void {
    this.can3d = false;
    this.owner.fellBack();
  }

  private toShow(): Shown {
    const { layers, legends, own, live } = this.parts;
    const shown = shownOf(this.owner.screen(), layers, legends, this.chosen, own.list, live.marks);
    this.shown = keeping(this.shown, shown);
    return this.shown;
  }

  private async choose(key: ObjectKey | null): Promise<void> {
    this.chosen = key === null ? null : { ...key, geometry: null, footprintOnly: false };
    this.owner.footprintOnly(false);
    if (key === null) return;
    try {
      const shape = await chosenShape(this.parts, key);
      if (!sameKey(this.owner.screen().selection, key)) return;
      this.chosen = { ...key, ...shape };
      this.owner.footprintOnly(shape.footprintOnly);
    } catch {
      // The card says what went wrong; the map then has nothing to mark.
    }
  }

  /** The side of a divided map that a point is on. */
  private sideOf(point: ScreenPoint): Side {
    return sideAt(this.toShow(), point.x / this.size().width);
  }

  private async pickAt(point: ScreenPoint): Promise<void> {
    const spot = this.stage.spot(point);
    if (spot !== null && this.owner.takes(spot)) return;
    const picked = this.stage.pick(point);
    if (picked === null) return;
    try {
      const found = await this.finder.find(picked, this.sideOf(point));
      if (found === null) this.owner.nothingHere();
      else this.owner.change({ selection: { layer: found.layer, id: found.id } });
    } catch {
      this.owner.failed();
    }
  }

  /** What the mouse rests on, in words. Nothing while the picture moves or a tool is at work. */
  private async nameAt(point: ScreenPoint): Promise<string | null> {
    const picked = this.stage.pick(point);
    const found =
      picked === null || this.owner.busy() ? null : await this.finder.find(picked, this.sideOf(point));
    if (found === null) return null;
    if (found.layer === MEASURED) return this.parts.live.said(found.id);
    const title = await this.finder.title(found);
    return title === "" ? this.owner.nounOf(found.layer) : title;
  }
}

/** Without buildings to stand up the flat map shows all there is, and sooner. */
export function hasShapes(scene: SceneManifest): boolean {
  return scene.tilesets.some((tileset) => tileset.role === "buildings");
}

/** What tools get of the map, also while there is none yet. */
export function toolMap(
  map: MapKeeper | null,
): Pick<ToolContext, "can3d" | "spot" | "picture" | "pan" | "posed"> {
  return {
    can3d: map?.can3d ?? false,
    spot: (x, y) => map?.spot({ x, y }) ?? null,
    picture: async (how) => (await map?.picture(how)) ?? null,
    pan: (right, up) => map?.pan(right, up),
    posed: () => map?.now ?? null,
  };
}

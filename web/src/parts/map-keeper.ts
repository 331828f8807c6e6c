/** Keeps the map in step with the screen: which engine, which layers, what is chosen, where it looks. */

import type { Client } from "../api/client";
import type { Feature, Layer, Place, SceneManifest } from "../api/shapes";
import type { City, Progress, ScreenPoint, Selection } from "../scene/engine";
import { type MapKeys, mapKey } from "../scene/keyboard";
import { freeCentre, type Insets, type Pose, type Size } from "../scene/pose";
import { canDraw3d, homePose, Stage } from "../scene/stage";
import { writeCamera } from "../state/address";
import { boundsOf, poseFor } from "../state/bounds";
import { choosePicked } from "../state/choose-picked";
import { firstLayers } from "../state/questions";
import { type ObjectKey, type Screen, sameKey, type View } from "../state/screen";

export interface MapParts {
  readonly client: Client;
  readonly layers: readonly Layer[];
  readonly scene: SceneManifest;
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
  ready(view: View): void;
  fellBack(): void;
  failed(): void;
  nothingHere(): void;
  leave(): void;
}

const SAY_LOADING_AFTER_MS = 700;
const CLOSE_UP_M = 450;
const AREA_M = 1600;
const MOST_SHAPES = 2000;

export class MapKeeper {
  /** Whether this device draws 3D. */
  can3d: boolean;
  private readonly stage: Stage;
  private readonly features = new Map<string, Promise<readonly Feature[]>>();
  private chosen: Selection | null = null;
  private timer = 0;
  private heading = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly parts: MapParts,
    private readonly owner: MapOwner,
  ) {
    this.can3d = canDraw3d();
    this.stage = new Stage(host, this.city(), {
      moved: (pose, still) => this.moved(pose, still),
      clicked: (point) => void this.pickAt(point),
      ready: (view) => {
        clearTimeout(this.timer);
        owner.ready(view);
      },
      progress: (progress) => owner.loading(progress),
      fellBack: () => this.fellBack(),
      failed: (error) => {
        console.warn("the map failed", error);
        owner.failed();
      },
    });
  }

  async start(first: View): Promise<void> {
    if (first === "3d" && !this.can3d) this.fellBack();
    const screen = this.owner.screen();
    await this.choose(screen.selection);
    this.stage.set(this.toShow());
    await this.showView(first, screen.camera ?? this.startPose());
  }

  /** Bring the map in line with a changed screen. */
  follow(now: Screen, before: Screen): void {
    if (!sameKey(now.selection, before.selection)) {
      void this.choose(now.selection).then(() => this.stage.set(this.toShow()));
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
    this.stage.setInsets(this.owner.insets());
  }

  home(further = 1): void {
    const first = homePose(this.parts.scene);
    this.stage.go({ ...first, distance: first.distance * further }, "fly");
  }

  flyTo(place: Place): void {
    const role = this.parts.layers.find((layer) => layer.id === place.layer)?.style.role;
    const distance = role === "area" || role === "boundary" ? AREA_M : CLOSE_UP_M;
    const from = this.stage.pose() ?? homePose(this.parts.scene);
    this.stage.go({ ...from, lon: place.lon, lat: place.lat, distance }, "fly");
  }

  north(): void {
    this.stage.turn(-this.heading, 0);
  }

  zoom(factor: number): void {
    this.stage.zoom(factor);
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
      leave: () => this.owner.leave(),
    };
    if (!mapKey(event, keys)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.stage.destroy();
  }

  private city(): City {
    const { scene, layers, client } = this.parts;
    return {
      scene,
      layers,
      features: (layer) => {
        const known = this.features.get(layer) ?? client.features(layer, MOST_SHAPES);
        this.features.set(layer, known);
        known.catch(() => this.features.delete(layer));
        return known;
      },
    };
  }

  private size(): Size {
    return { width: this.host.clientWidth || innerWidth, height: this.host.clientHeight || innerHeight };
  }

  /** A link to an object without a camera looks at that object. */
  private startPose(): Pose {
    const first = homePose(this.parts.scene);
    const bounds = this.chosen?.geometry ? boundsOf(this.chosen.geometry) : null;
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
    if (Math.abs(pose.heading - this.heading) > 0.5) {
      this.heading = pose.heading;
      this.owner.turned(pose.heading);
    }
    if (still && this.stage.view !== null) this.owner.rested(pose);
  }

  private fellBack(): void {
    this.can3d = false;
    this.owner.fellBack();
  }

  private toShow() {
    const screen = this.owner.screen();
    const layers = new Set(screen.layers ?? firstLayers(this.parts.layers));
    return { layers, colour: screen.colour, selection: this.chosen, underground: screen.underground };
  }

  private async choose(key: ObjectKey | null): Promise<void> {
    this.chosen = key === null ? null : { ...key, geometry: null };
    if (key === null) return;
    try {
      const { geometry } = await this.parts.client.feature(key.layer, key.id);
      if (sameKey(this.owner.screen().selection, key)) this.chosen = { ...key, geometry };
    } catch {
      // The card says what went wrong; the map then has nothing to mark.
    }
  }

  private async pickAt(point: ScreenPoint): Promise<void> {
    const picked = this.stage.pick(point);
    if (picked === null) return;
    if (picked.kind === "object") {
      this.owner.change({ selection: { layer: picked.layer, id: picked.id } });
      return;
    }
    try {
      const shown = [...this.toShow().layers];
      const found = await this.parts.client.pick(picked.lon, picked.lat, picked.radiusM, shown);
      const chosen = choosePicked(found, this.parts.layers);
      if (chosen === null) this.owner.nothingHere();
      else this.owner.change({ selection: { layer: chosen.layer, id: chosen.id } });
    } catch {
      this.owner.failed();
    }
  }
}

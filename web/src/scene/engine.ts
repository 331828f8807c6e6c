/** What a map must be able to do. The flat map and the 3D scene both do it. */

import type { BaseMap, Feature, Geometry, Layer, SceneManifest, StyleClass } from "../api/shapes";
import type { Condition } from "../state/conditions";
import type { OwnShown } from "../state/own-files";
import type { Sketch } from "../state/screen";
import type { LiveMark } from "./live-mark";
import type { Insets, Pose } from "./pose";

export type EngineKind = "flat" | "cesium";

/** CSS pixels from the upper left corner of the map. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** What is under a point: an object, or a place that the server is asked about. */
export type Picked =
  | { readonly kind: "object"; readonly layer: string; readonly id: string }
  | { readonly kind: "place"; readonly lon: number; readonly lat: number; readonly radiusM: number };

export interface Selection {
  readonly layer: string;
  readonly id: string;
  readonly geometry: Geometry | null;
  /** It has no shape in 3D: its footprint is all there is to mark. */
  readonly footprintOnly: boolean;
}

/** How a layer is drawn. */
export interface DrawnLook {
  /** The column of its classes; "" when it has no data colours. */
  readonly column: string;
  readonly classes: readonly StyleClass[];
  /** From 0.1 to 1. */
  readonly opacity: number;
  /** Only objects for which all of these hold; a year on the time bar is among them. */
  readonly where: readonly Condition[];
}

export const PLAIN: DrawnLook = { column: "", classes: [], opacity: 1, where: [] };

/** One side of the map, or the whole of it. */
export interface Side {
  readonly layers: ReadonlySet<string>;
  /** Layers without an entry are drawn plainly. */
  readonly looks: ReadonlyMap<string, DrawnLook>;
}

/** All that is to be drawn, apart from the pose. Parts that are the same object have not changed. */
export interface Shown extends Side {
  readonly selection: Selection | null;
  readonly base: string;
  readonly underground: boolean;
  readonly depthM: number;
  readonly groundOpacity: number;
  readonly walking: boolean;
  /** Date and time in the Netherlands, `2026-06-21T15:00`. */
  readonly sun: string | null;
  /** What is right of the divide, which is at this share of the width. */
  readonly swipe: { readonly at: number; readonly right: Side } | null;
  readonly sketch: Sketch | null;
  /** Files of the visitor. */
  readonly own: readonly OwnShown[];
  /** Live measurements, in the order in which they are drawn. */
  readonly live: readonly LiveMark[];
}

/** A place under the pointer. `napM` is known where the engine knows the height of what it drew. */
export interface Spot {
  readonly lon: number;
  readonly lat: number;
  readonly napM: number | null;
}

/** What both engines draw from. `features` is for layers without tiles of their own. */
export interface City {
  readonly scene: SceneManifest;
  readonly layers: readonly Layer[];
  /** Maps from elsewhere that the administrator switched on. */
  readonly bases: readonly BaseMap[];
  features(layer: string): Promise<readonly Feature[]>;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface EngineEvents {
  /** The pose has changed; `still` when it came to rest. */
  move(pose: Pose, still: boolean): void;
  click(point: ScreenPoint): void;
  /** The first whole picture is on the screen. */
  ready(): void;
  progress(progress: Progress): void;
  /** Shadows are being made, which may take a second; and they are there. */
  shading(busy: boolean): void;
  /** A visitor's own file that this engine can read and not draw. */
  undrawn(file: string): void;
  /** The engine cannot go on (the graphics card has let go, a file is missing). */
  failed(error: unknown): void;
}

/** A picture of another moment or size than what is on the screen. */
export interface PictureHow {
  /** Date and time of the sun in the Netherlands. */
  readonly sun?: string;
  /** In pixels; the height follows from the map. */
  readonly width?: number;
}

export interface Engine {
  readonly kind: EngineKind;
  /** Draw in the host from this pose on; rejects when this device cannot. What is shown `first` it may ask for now. */
  mount(host: HTMLElement, start: Pose, first: Shown | null): Promise<void>;
  view(): Pose;
  setView(pose: Pose, how: "jump" | "fly"): void;
  /** Other parts are covered: what is looked at moves to the free middle, or the picture stays. */
  setInsets(insets: Insets, keep: "picture" | "pose"): void;
  /** Draw this. The land itself always stays. */
  show(shown: Shown): void;
  pick(point: ScreenPoint): Picked | null;
  /** Where in the world a point of the picture is: on a roof, or on the ground. */
  spot(point: ScreenPoint): Spot | null;
  /** The picture as it is now, without panels; null while there is none. */
  picture(how?: PictureHow): Promise<HTMLCanvasElement | null>;
  zoom(factor: number): void;
  /** Move the picture by parts of its own size. */
  pan(right: number, up: number): void;
  turn(headingDeg: number, pitchDeg: number): void;
  resize(): void;
  destroy(): void;
}

export class NoWebGl extends Error {}

export function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

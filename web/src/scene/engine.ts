/** What a map must be able to do. The flat map and the 3D scene both do it. */

import type { Feature, Geometry, Layer, SceneManifest, StyleClass } from "../api/shapes";
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

/** What both engines draw from. `features` is for layers without tiles of their own. */
export interface City {
  readonly scene: SceneManifest;
  readonly layers: readonly Layer[];
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
  /** The engine cannot go on (the graphics card has let go, a file is missing). */
  failed(error: unknown): void;
}

export interface Engine {
  readonly kind: EngineKind;
  /** Draw in the host from this pose on; rejects when this device cannot. */
  mount(host: HTMLElement, start: Pose): Promise<void>;
  view(): Pose;
  setView(pose: Pose, how: "jump" | "fly"): void;
  /** Other parts are covered: what is looked at moves to the free middle, or the picture stays. */
  setInsets(insets: Insets, keep: "picture" | "pose"): void;
  /** Show these layers and no others. The land itself always stays. */
  setLayers(visible: ReadonlySet<string>): void;
  /** Colour a layer by a column, or none. */
  setColour(layer: string | null, column: string, classes: readonly StyleClass[]): void;
  /** Make the ground thin, so that one sees what lies below it. */
  setUnderground(underground: boolean): void;
  select(selection: Selection | null): void;
  pick(point: ScreenPoint): Picked | null;
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

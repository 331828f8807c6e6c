/** The one document that says what the screen shows. Everything that can be linked to is in it. */

import type { Pose } from "../scene/pose";
import type { LiveChoice } from "./live";
import type { Looks } from "./looks";

export type Panel = "home" | "explore" | "closed";
export type View = "3d" | "2d";

export interface ObjectKey {
  readonly layer: string;
  readonly id: string;
}

export interface ColourChoice {
  readonly layer: string;
  readonly column: string;
}

export interface TableView {
  readonly layer: string;
  /** Sorting, page and filter, as the server's own table links write them. */
  readonly query: Readonly<Record<string, string>>;
}

/** The other side of a map that is divided from top to bottom. */
export interface Swipe {
  /** Where the divide is, from 0 (left) to 1 (right). */
  readonly at: number;
  /** Layers on the right side. Null: the same as on the left. */
  readonly layers: readonly string[] | null;
  /** The year on the right side. Null: the same as on the left. */
  readonly year: number | null;
}

export const SKETCH_KINDS = ["distance", "area", "height", "profile", "region"] as const;
export type SketchKind = (typeof SKETCH_KINDS)[number];

/** What a visitor draws on the map to measure or to mark. */
export interface Sketch {
  readonly kind: SketchKind;
  /** Longitude and latitude in degrees, and metres of NAP where the point is not on the ground. */
  readonly points: readonly SketchPoint[];
}

export interface SketchPoint {
  readonly lon: number;
  readonly lat: number;
  readonly napM?: number;
}

export interface Screen {
  readonly panel: Panel;
  /** Null: the device decides. */
  readonly view: View | null;
  readonly camera: Pose | null;
  /** Null: the layers that the twin shows by default. */
  readonly layers: readonly string[] | null;
  readonly looks: Looks;
  readonly selection: ObjectKey | null;
  readonly table: TableView | null;
  /** What lies below all layers: `paper`, or another base map of the twin. */
  readonly base: string;
  /** Whether one looks below the ground, and how many metres below the street the eye rests. */
  readonly underground: boolean;
  readonly depthM: number;
  /** How much of the ground one then still sees, from 0 (nothing) to 1 (whole). */
  readonly groundOpacity: number;
  /** Whether one stands in the street. */
  readonly walking: boolean;
  /** Date and time of the sun in the Netherlands, `2026-06-21T15:00`; null is the fixed light of the map. */
  readonly sun: string | null;
  /** Only what was there in this year; null is now. */
  readonly year: number | null;
  readonly swipe: Swipe | null;
  readonly sketch: Sketch | null;
  /** The layers of live measurements that are on. */
  readonly live: readonly LiveChoice[];
  /** The moment of which they are shown, by the clock of this world: `2026-11-23T14:00Z`. Null is now. */
  readonly moment: string | null;
}

export const PAPER = "paper";

export const FIRST_SCREEN: Screen = {
  panel: "home",
  view: null,
  camera: null,
  layers: null,
  looks: {},
  selection: null,
  table: null,
  base: PAPER,
  underground: false,
  depthM: 0,
  groundOpacity: 0.25,
  walking: false,
  sun: null,
  year: null,
  swipe: null,
  sketch: null,
  live: [],
  moment: null,
};

export function sameKey(a: ObjectKey | null, b: ObjectKey | null): boolean {
  return a?.layer === b?.layer && a?.id === b?.id;
}

/** The first panel and the table bring the heading of the page themselves. */
export function bringsHeading(screen: Screen, phone: boolean): boolean {
  const home = screen.panel === "home" && !(phone && screen.selection !== null);
  return screen.table !== null || home;
}

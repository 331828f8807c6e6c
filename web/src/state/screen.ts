/** The one document that says what the screen shows. Everything that can be linked to is in it. */

import type { Pose } from "../scene/pose";

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

export interface Screen {
  readonly panel: Panel;
  /** Null: the device decides. */
  readonly view: View | null;
  readonly camera: Pose | null;
  /** Null: the layers that the twin shows by default. */
  readonly layers: readonly string[] | null;
  readonly colour: ColourChoice | null;
  readonly selection: ObjectKey | null;
  readonly table: TableView | null;
  /** Whether one looks below the ground. */
  readonly underground: boolean;
}

export const FIRST_SCREEN: Screen = {
  panel: "home",
  view: null,
  camera: null,
  layers: null,
  colour: null,
  selection: null,
  table: null,
  underground: false,
};

export function sameKey(a: ObjectKey | null, b: ObjectKey | null): boolean {
  return a?.layer === b?.layer && a?.id === b?.id;
}

/** The first panel and the table bring the heading of the page themselves. */
export function bringsHeading(screen: Screen, phone: boolean): boolean {
  const home = screen.panel === "home" && !(phone && screen.selection !== null);
  return screen.table !== null || home;
}

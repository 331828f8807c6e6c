/** What a reader's own file becomes: a layer that exists in this browser only. */

import type { Column, Feature } from "../api/shapes";
import type { Facts } from "./own-error";

/** Why one object is left out. Each has a sentence `own.left.<reason>`. */
export const LEFT_REASONS = [
  "no-geometry",
  "bad-geometry",
  "bad-record",
  "no-coordinates",
  "bad-row",
  "outside",
  "other-crs",
  "too-many",
  "too-many-vertices",
  "no-surfaces",
  "bad-surface",
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** What a reader has to know of how the file was read. Each has a sentence `own.note.<code>`. */
export const NOTES = [
  "taken-as-rd",
  "rd-accuracy",
  "swapped",
  "was-swapped",
  "split",
  "rings-closed",
  "heights-dropped",
  "text-cut",
  "names-left-out",
  "columns-left-out",
  "windows-1252",
  "height-unsure",
  "templates",
  "rows-cut",
] as const;
export type NoteCode = (typeof NOTES)[number];

export interface Note {
  readonly code: NoteCode;
  readonly facts: Facts;
}

export interface LeftOut {
  readonly reason: LeftReason;
  readonly count: number;
}

/** West, south, east, north in degrees. */
export type Bbox = readonly [number, number, number, number];

/** What a triangle is a piece of: an index in this list is what `MeshModel.kinds` holds. */
export const SURFACE_KINDS = ["other", "roof", "wall", "ground"] as const;

/** Triangles of a city model, each with its own three corners. */
export interface MeshModel {
  readonly form: "mesh";
  /** Where (0, 0, 0) is. `heightM` is above what `heightsAbove` says. */
  readonly origin: { readonly lon: number; readonly lat: number; readonly heightM: number };
  readonly heightsAbove: "nap" | "ellipsoid";
  /** East, north and up of the origin in metres (a plane that touches the ellipsoid there), 9 a triangle. */
  readonly positions: Float32Array<ArrayBuffer>;
  /** Unit length, in the same frame, 9 a triangle. */
  readonly normals: Float32Array<ArrayBuffer>;
  /** Of each triangle, an index in `SURFACE_KINDS`. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** Of each triangle, an index in the layer's `features`. */
  readonly objectOf: Uint32Array<ArrayBuffer>;
}

/** Where a model stands: in the file, or to be asked (longitude, latitude, NAP height and heading). */
export type Placing =
  | {
      readonly by: "reader";
      /** A place in the file that looks like RD: a first proposal. */
      readonly proposal: { readonly lon: number; readonly lat: number } | null;
    }
  | {
      /** The file is in earth-centred coordinates: draw it as it is. `heightM` is above the ellipsoid. */
      readonly by: "file";
      readonly lon: number;
      readonly lat: number;
      readonly heightM: number;
    };

/** A GLB as it is, after looking it over. */
export interface GlbModel {
  readonly form: "glb";
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly triangles: number;
  /** In the file's own metres, y up, x and z as glTF has them, all node transforms applied. */
  readonly box: { readonly min: Triple; readonly max: Triple };
  readonly placing: Placing;
}

export type Triple = readonly [number, number, number];

export interface OwnLayer {
  readonly title: string;
  readonly kind: "shapes" | "model";
  /** Longitude and latitude, WGS 84. Properties hold text, numbers, booleans and null only. */
  readonly features: readonly Feature[];
  readonly columns: readonly Column[];
  /** None when the place is still to be asked. */
  readonly bbox: Bbox | null;
  readonly counted: { readonly taken: number; readonly leftOut: readonly LeftOut[] };
  readonly notes: readonly Note[];
  readonly model?: MeshModel | GlbModel;
}

export interface OwnFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface OwnOptions {
  /** The id that its features get as their layer. */
  readonly layer?: string;
  /** The reader says that x and y are exchanged in this file. */
  readonly swapped?: boolean;
}

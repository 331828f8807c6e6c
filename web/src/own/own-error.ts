/** Why a reader's own file as a whole cannot be shown. */

/** Each has a sentence `own.error.<reason>` in the catalogue. */
export const REASONS = [
  "cancelled",
  "too-slow",
  "stopped",
  "unreadable",
  "too-large",
  "empty",
  "zipped",
  "kind-unknown",
  "encoding",
  "json",
  "json-deep",
  "crs",
  "coordinates",
  "rd-swapped",
  "nothing",
  "csv-quote",
  "csv-rows",
  "csv-wide",
  "csv-place",
  "cityjson-version",
  "cityjson-head",
  "cityjson-transform",
  "cityjson-vertices",
  "cityjson-triangles",
  "glb-magic",
  "glb-version",
  "glb-length",
  "glb-json",
  "glb-external",
  "glb-extension",
  "glb-nodes",
  "glb-accessor",
  "glb-triangles",
  "glb-empty",
] as const;

export type Reason = (typeof REASONS)[number];

/** What a sentence fills in. Text comes from the file: it is short, and never markup. */
export type Facts = Readonly<Record<string, string | number>>;

export class OwnError extends Error {
  override readonly name = "OwnError";

  constructor(
    readonly reason: Reason,
    readonly facts: Facts = {},
  ) {
    super(reason);
  }
}

const LONGEST_FACT = 80;

/** A piece of somebody's file that is safe and short enough to stand in a sentence. */
export function quoted(value: unknown): string {
  const text = String(typeof value === "object" ? JSON.stringify(value) : value).replaceAll(/\s+/g, " ");
  return text.length > LONGEST_FACT ? `${text.slice(0, LONGEST_FACT)}…` : text;
}

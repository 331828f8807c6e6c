/** Raw objects of any format become a layer: placed, counted, described. */

import type { Feature, Geometry, Position } from "../api/shapes";
import { type Crs, Evidence, placer } from "./coordinates";
import { eachPosition, moved } from "./geometry";
import { OwnError } from "./own-error";
import type { Bbox, OwnLayer, OwnOptions } from "./own-layer";
import { Attributes } from "./properties";
import type { Taking } from "./taking";

/** An object in the file's own coordinates. */
export interface RawFeature {
  /** As the file says; made when it does not, or says it twice. */
  readonly id: string | null;
  readonly geometry: Geometry;
  readonly properties: unknown;
}

/** Raises OwnError when the coordinates are unknown, and `nothing` when no object is left. */
export function shapesLayer(
  title: string,
  raws: readonly RawFeature[],
  declared: Crs | null,
  taking: Taking,
  options: OwnOptions,
): OwnLayer {
  if (raws.length === 0) throw new OwnError("nothing", { count: total(taking) });
  const evidence = new Evidence(options.swapped ?? false);
  for (const raw of raws) eachPosition(raw.geometry, evidence.see);
  const place = placer(evidence.decide(declared, taking), options.swapped ?? false);
  const attributes = new Attributes(taking);
  const ids = new Ids();
  const bounds = new Bounds();
  const features: Feature[] = [];
  for (const raw of raws) {
    const geometry = placed(raw.geometry, place);
    if (geometry === null) {
      taking.leaveOut("outside");
      continue;
    }
    eachPosition(geometry, bounds.see);
    const properties = attributes.read(raw.properties);
    const number = features.length + 1;
    const id = ids.make(raw.id, number);
    const name = attributes.titleOf(properties) || raw.id || `${title} ${number}`;
    features.push({ id, layer: options.layer ?? "own", title: name, geometry, properties });
  }
  if (features.length === 0) throw new OwnError("nothing", { count: total(taking) });
  const counted = { taken: features.length, leftOut: taking.leftOut };
  const { columns } = attributes;
  return { title, kind: "shapes", features, columns, bbox: bounds.box, counted, notes: taking.notes };
}

export function total(taking: Taking): number {
  return taking.leftOut.reduce((sum, each) => sum + each.count, 0);
}

function placed(geometry: Geometry, place: (position: Position) => Position | null): Geometry | null {
  let outside = false;
  const result = moved(geometry, (position) => {
    const there = place(position);
    if (there === null) outside = true;
    return there ?? position;
  });
  return outside ? null : result;
}

/** Ids that no two objects share. */
export class Ids {
  private readonly used = new Set<string>();

  make(wanted: string | null, number: number): string {
    let id = wanted === null || wanted === "" ? `own-${number}` : wanted;
    if (this.used.has(id)) id = `${id}#${number}`;
    while (this.used.has(id)) id = `${id}#`;
    this.used.add(id);
    return id;
  }
}

export class Bounds {
  private west = Number.POSITIVE_INFINITY;
  private south = Number.POSITIVE_INFINITY;
  private east = Number.NEGATIVE_INFINITY;
  private north = Number.NEGATIVE_INFINITY;

  readonly see = ([lon = 0, lat = 0]: Position): void => {
    this.west = Math.min(this.west, lon);
    this.south = Math.min(this.south, lat);
    this.east = Math.max(this.east, lon);
    this.north = Math.max(this.north, lat);
  };

  get box(): Bbox | null {
    return this.west <= this.east ? [this.west, this.south, this.east, this.north] : null;
  }
}

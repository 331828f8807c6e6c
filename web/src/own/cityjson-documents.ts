/** CityJSON 1.0, 1.1 and 2.0, whole or as a sequence, read into city objects and one list of vertices. */

import { readShape, type Shape } from "./cityjson-surfaces";
import { type Crs, crsNamed } from "./coordinates";
import { isObject, type JsonObject, listOf, member, parseJson } from "./json";
import { LIMITS } from "./limits";
import { OwnError, quoted } from "./own-error";
import type { Taking } from "./taking";

/** A city object with all its parts. */
export interface CityObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: unknown;
  readonly shapes: readonly Shape[];
}

/** What the head of the file says. */
export interface Head {
  readonly crs: Crs | null;
  readonly heightsAbove: "nap" | "ellipsoid";
  /** The system has no heights of its own: those in the file are taken as NAP. */
  readonly heightUnsure: boolean;
}

const VERSIONS = new Set(["1.0", "1.1", "2.0"]);
const NEW_LINE = 0x0a;

export class City {
  readonly objects: CityObject[] = [];
  /** In the file's own coordinates, 3 numbers each. */
  readonly vertices: number[] = [];
  readonly head: Head;
  private readonly transform: Transform;

  constructor(
    header: unknown,
    private readonly taking: Taking,
  ) {
    const version = String(member(header, "version"));
    if (!VERSIONS.has(version.slice(0, 3)))
      throw new OwnError("cityjson-version", { version: quoted(version) });
    this.head = headOf(header);
    this.transform = transformOf(header);
  }

  /** A whole file, or a feature of a sequence. */
  add(document: unknown): void {
    const from = this.vertices.length / 3;
    const vertices = listOf(member(document, "vertices"));
    if (from + vertices.length > LIMITS.vertices) {
      throw new OwnError("cityjson-vertices", { limit: LIMITS.vertices });
    }
    for (const vertex of vertices) this.addVertex(listOf(vertex));
    const records = member(document, "CityObjects");
    if (!isObject(records)) throw new OwnError("cityjson-head");
    for (const [id, parts] of families(records)) this.addObject(id, parts, from, vertices.length);
  }

  private addVertex(vertex: readonly unknown[]): void {
    for (let axis = 0; axis < 3; axis += 1) {
      const value = vertex[axis];
      const number = typeof value === "number" ? value : Number.NaN;
      this.vertices.push(number * (this.transform.scale[axis] ?? 1) + (this.transform.translate[axis] ?? 0));
    }
  }

  private addObject(id: string, parts: readonly JsonObject[], from: number, count: number): void {
    const shapes = parts.flatMap((part) => {
      const all = listOf(member(part, "geometry")).map((geometry) => readShape(geometry, from, count));
      return finest(all);
    });
    const bad = shapes.reduce((sum, shape) => sum + shape.bad, 0);
    if (bad > 0) this.taking.leaveOut("bad-surface", bad);
    const attributes = parts.map((part) => member(part, "attributes")).find(isObject);
    this.objects.push({ id, type: String(member(parts[0], "type")), attributes, shapes });
  }
}

/** A sequence: the head on the first line, a feature on each other. */
export function readSequence(bytes: Uint8Array<ArrayBuffer>, taking: Taking): City {
  let city: City | null = null;
  for (const line of linesOf(bytes)) {
    const document = parseJson(line);
    const type = member(document, "type");
    if (city === null) {
      if (type !== "CityJSON") throw new OwnError("cityjson-head");
      city = new City(document, taking);
      if (Object.keys(member(document, "CityObjects") ?? {}).length > 0) city.add(document);
    } else if (type === "CityJSONFeature") city.add(document);
    else taking.leaveOut("bad-record");
  }
  if (city === null) throw new OwnError("cityjson-head");
  return city;
}

export function* linesOf(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(NEW_LINE, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (line.some((byte) => byte > 0x20)) yield line;
    start = end + 1;
  }
}

/** Each object without a parent, with itself and all that stands below it. */
function families(records: JsonObject): Map<string, JsonObject[]> {
  const all = new Map(
    Object.entries(records).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
  );
  const found = new Map<string, JsonObject[]>();
  for (const [id, record] of all) {
    const root = rootOf(id, all);
    const family = found.get(root) ?? [];
    if (root === id) family.unshift(record);
    else family.push(record);
    found.set(root, family);
  }
  return found;
}

/** The object itself when its parents are not there, or lead round in a circle. */
function rootOf(id: string, all: ReadonlyMap<string, JsonObject>): string {
  const seen = new Set<string>();
  let at = id;
  for (;;) {
    seen.add(at);
    const parent = listOf(member(all.get(at), "parents"))[0];
    if (typeof parent !== "string" || !all.has(parent)) return at;
    if (seen.has(parent)) return id;
    at = parent;
  }
}

/** Of one object, what is drawn in most detail; and apart from that its plan (LoD 0), when it has one. */
function finest(shapes: readonly Shape[]): Shape[] {
  const most = shapes.reduce((lod, shape) => Math.max(lod, shape.lod), 0);
  const plan = shapes.reduce((lod, shape) => (shape.lod < 1 ? Math.max(lod, shape.lod) : lod), 0);
  return shapes.filter((shape) => shape.lod === most || shape.lod === plan);
}

function headOf(header: unknown): Head {
  const named = member(member(header, "metadata"), "referenceSystem");
  if (named === undefined || named === null) return { crs: null, heightsAbove: "nap", heightUnsure: false };
  const name = String(named);
  const crs = crsNamed(name);
  if (crs === null) throw new OwnError("crs", { crs: quoted(name) });
  const ellipsoid = /(?:4979|4937|CRS84h)$/i.test(name);
  return { crs, heightsAbove: ellipsoid ? "ellipsoid" : "nap", heightUnsure: crs === "wgs84" && !ellipsoid };
}

interface Transform {
  readonly scale: readonly number[];
  readonly translate: readonly number[];
}

function transformOf(header: unknown): Transform {
  const transform = member(header, "transform");
  if (transform === undefined) return { scale: [1, 1, 1], translate: [0, 0, 0] };
  return { scale: three(member(transform, "scale")), translate: three(member(transform, "translate")) };
}

function three(value: unknown): readonly number[] {
  const numbers = listOf(value).filter(
    (each): each is number => typeof each === "number" && Number.isFinite(each),
  );
  if (numbers.length !== 3) throw new OwnError("cityjson-transform");
  return numbers;
}

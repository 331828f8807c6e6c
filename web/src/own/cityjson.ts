/** A city model becomes a layer of footprints with attributes, and triangles to draw. */

import type { Feature, Geometry, Position } from "../api/shapes";
import { City, type CityObject, readSequence } from "./cityjson-documents";
import { KIND, type Shape, type Surface, UNNAMED } from "./cityjson-surfaces";
import { type Crs, Evidence, placer } from "./coordinates";
import { footprintOf } from "./footprint";
import { LocalFrame } from "./frame";
import { eachPosition } from "./geometry";
import { isObject } from "./json";
import { type Face, MeshBuilder, normalOf } from "./mesh";
import { OwnError } from "./own-error";
import type { MeshModel, OwnLayer, OwnOptions, Triple } from "./own-layer";
import { Attributes } from "./properties";
import { Bounds, Ids, total } from "./shapes-layer";
import { Taking } from "./taking";

/** From where a face that the file does not name looks up or down enough not to be a wall. */
const SLOPING = 0.3;
const BUILDING = /^\+?(?:Building|Bridge)/;

export function readCityJson(document: unknown, title: string, options: OwnOptions): OwnLayer {
  const taking = new Taking();
  const city = new City(document, taking);
  city.add(document);
  return layerOf(city, title, taking, options);
}

export function readCityJsonSeq(
  bytes: Uint8Array<ArrayBuffer>,
  title: string,
  options: OwnOptions,
): OwnLayer {
  const taking = new Taking();
  return layerOf(readSequence(bytes, taking), title, taking, options);
}

function layerOf(city: City, title: string, taking: Taking, options: OwnOptions): OwnLayer {
  const ground = placeAll(city, taking, options);
  if (city.head.heightUnsure) taking.note("height-unsure");
  const attributes = new Attributes(taking);
  const [ids, bounds, mesh] = [new Ids(), new Bounds(), new MeshBuilder()];
  const features: Feature[] = [];
  for (const object of city.objects) {
    const geometry = footprintOf(object.shapes, ground.local, ground.lonLat);
    if (geometry === null) {
      taking.leaveOut(object.shapes.length === 0 ? "no-geometry" : "no-surfaces");
      continue;
    }
    if (!taking.fits(countOf(geometry))) continue;
    if (object.shapes.some((shape) => shape.template)) taking.count("templates");
    eachPosition(geometry, bounds.see);
    addTriangles(object, features.length, ground, mesh, taking);
    const properties = attributes.read(withType(object));
    const id = ids.make(object.id.slice(0, 200), features.length + 1);
    features.push({
      id,
      layer: options.layer ?? "own",
      title: attributes.titleOf(properties) || id,
      geometry,
      properties,
    });
  }
  if (features.length === 0) throw new OwnError("nothing", { count: total(taking) });
  const { columns } = attributes;
  const counted = { taken: features.length, leftOut: taking.leftOut };
  const layer = { title, features, columns, bbox: bounds.box, counted, notes: taking.notes };
  if (mesh.triangles === 0) return { ...layer, kind: "shapes" };
  const model: MeshModel = { form: "mesh", origin: ground.origin, ...heights(city), ...mesh.built() };
  return { ...layer, kind: "model", model };
}

function heights(city: City): Pick<MeshModel, "heightsAbove"> {
  return { heightsAbove: city.head.heightsAbove };
}

/** The vertices of the whole file as places on earth, and as metres of one origin. */
export interface Ground {
  readonly origin: MeshModel["origin"];
  /** Null where a vertex lies outside its system. */
  lonLat(index: number): Position | null;
  local(index: number): Triple | null;
}

function placeAll(city: City, taking: Taking, options: OwnOptions): Ground {
  const { vertices } = city;
  const crs = crsOf(city, taking, options);
  const place = placer(crs, options.swapped ?? false);
  const bounds = new Bounds();
  let lowest = Number.POSITIVE_INFINITY;
  const places: (Position | null)[] = [];
  for (let i = 0; i < vertices.length; i += 3) {
    const z = vertices[i + 2] ?? Number.NaN;
    const there = Number.isFinite(z)
      ? place([vertices[i] ?? Number.NaN, vertices[i + 1] ?? Number.NaN])
      : null;
    places.push(there);
    if (there === null) continue;
    bounds.see(there);
    lowest = Math.min(lowest, z);
  }
  const [west, south, east, north] = bounds.box ?? [0, 0, 0, 0];
  const origin = { lon: (west + east) / 2, lat: (south + north) / 2, heightM: bounds.box ? lowest : 0 };
  const frame = new LocalFrame(origin.lon, origin.lat, origin.heightM);
  const local = places.map((there, i) => {
    return there && frame.local(there[0] ?? 0, there[1] ?? 0, vertices[i * 3 + 2] ?? 0);
  });
  return { origin, lonLat: (index) => places[index] ?? null, local: (index) => local[index] ?? null };
}

function crsOf(city: City, taking: Taking, options: OwnOptions): Crs {
  if (city.vertices.length === 0) throw new OwnError("nothing", { count: city.objects.length });
  const evidence = new Evidence(options.swapped ?? false);
  for (let i = 0; i < city.vertices.length; i += 3) {
    evidence.see([city.vertices[i] ?? Number.NaN, city.vertices[i + 1] ?? Number.NaN]);
  }
  return evidence.decide(city.head.crs, taking);
}

/** What has volume; a plan only for an object that has nothing else. */
function drawn(object: CityObject): readonly Shape[] {
  const solids = object.shapes.filter((shape) => shape.lod >= 1 && shape.surfaces.length > 0);
  return solids.length > 0 ? solids : object.shapes;
}

function addTriangles(
  object: CityObject,
  owner: number,
  ground: Ground,
  mesh: MeshBuilder,
  taking: Taking,
): void {
  const isBuilding = BUILDING.test(object.type);
  for (const shape of drawn(object)) {
    for (const surface of shape.surfaces) {
      const face = faceOf(surface, ground);
      const normal = face && normalOf(face[0] ?? []);
      const kind = normal && kindOf(surface, normal, isBuilding);
      if (!face || !normal || !mesh.add(face, normal, kind ?? KIND.other, owner))
        taking.leaveOut("bad-surface");
    }
  }
}

function faceOf(surface: Surface, ground: Ground): Face | null {
  const rings: Triple[][] = [];
  for (const ring of surface.rings) {
    const corners = ring.map((index) => ground.local(index));
    if (!corners.every((corner) => corner !== null)) return null;
    rings.push(corners);
  }
  return rings;
}

function kindOf(surface: Surface, [, , up]: Triple, isBuilding: boolean): number {
  if (surface.kind !== UNNAMED) return surface.kind;
  if (!isBuilding) return KIND.other;
  if (up > SLOPING) return KIND.roof;
  return up < -SLOPING ? KIND.ground : KIND.wall;
}

function countOf(geometry: Geometry): number {
  let count = 0;
  eachPosition(geometry, () => {
    count += 1;
  });
  return count;
}

/** The kind of object is an attribute too, unless the file has one of that name. */
function withType(object: CityObject): object {
  const entries = isObject(object.attributes) ? Object.entries(object.attributes) : [];
  return Object.fromEntries([["type", object.type], ...entries]);
}

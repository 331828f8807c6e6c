/** GeoJSON (RFC 7946, and the `crs` member of the 2008 form that Dutch files often have). */

import { type Crs, crsNamed } from "./coordinates";
import { isGeometry, readGeometry } from "./geometry";
import { isObject, type JsonObject, listOf, member } from "./json";
import { OwnError, quoted } from "./own-error";
import type { OwnLayer, OwnOptions } from "./own-layer";
import { type RawFeature, shapesLayer } from "./shapes-layer";
import { Taking } from "./taking";

export function isGeoJson(value: unknown): boolean {
  const type = member(value, "type");
  return type === "FeatureCollection" || type === "Feature" || isGeometry(value);
}

/** `value` is what `parseJson` gave and `isGeoJson` knows. */
export function readGeoJson(value: unknown, title: string, options: OwnOptions): OwnLayer {
  const declared = declaredCrs(value);
  const taking = new Taking();
  const raws: RawFeature[] = [];
  const records = member(value, "type") === "FeatureCollection" ? listOf(member(value, "features")) : [value];
  for (const record of records) takeRecord(record, raws, taking);
  return shapesLayer(title, raws, declared, taking, options);
}

function takeRecord(record: unknown, raws: RawFeature[], taking: Taking): void {
  const bare = isGeometry(record);
  if (!bare && member(record, "type") !== "Feature") {
    taking.leaveOut("bad-record");
    return;
  }
  const read = readGeometry(bare ? record : member(record, "geometry"), taking);
  if (typeof read === "string") {
    taking.leaveOut(read);
    return;
  }
  const id = bare ? null : idOf(record as JsonObject);
  if (read.length > 1) taking.count("split");
  for (const [index, { geometry, vertices }] of read.entries()) {
    if (!taking.fits(vertices)) continue;
    const own = id !== null && read.length > 1 ? `${id}-${index + 1}` : id;
    raws.push({ id: own, geometry, properties: bare ? {} : member(record, "properties") });
  }
}

function idOf(record: JsonObject): string | null {
  const id = member(record, "id");
  return typeof id === "string" || typeof id === "number" ? String(id).slice(0, 200) : null;
}

/** Raises OwnError `crs` for a system that is neither RD nor WGS 84. */
function declaredCrs(value: unknown): Crs | null {
  const crs = member(value, "crs");
  if (!isObject(crs)) return null;
  const properties = member(crs, "properties");
  const name = member(properties, "name") ?? member(properties, "code") ?? member(properties, "href");
  const known = crsNamed(String(name));
  if (known === null) throw new OwnError("crs", { crs: quoted(name) });
  return known;
}

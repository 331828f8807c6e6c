/**
 * Opens a reader's own GeoJSON, CSV, CityJSON or GLB. Pure: no request, no screen. The screen calls
 * `open-in-worker.ts` instead, so that a large file does not hold it up.
 */

import { readCityJson, readCityJsonSeq } from "./cityjson";
import { linesOf } from "./cityjson-documents";
import { readCsv } from "./csv";
import { isGeoJson, readGeoJson } from "./geojson";
import { isGlb, readGlb } from "./glb";
import { member, parseJson } from "./json";
import { LIMITS } from "./limits";
import { OwnError, quoted } from "./own-error";
import type { OwnFile, OwnLayer, OwnOptions } from "./own-layer";

const NAME_END = /(?:\.city|\.geo)?\.(?:json|jsonl|geojson|csv|tsv|txt|glb)$/i;
const LONGEST_TITLE = 80;

/** Raises OwnError when the file as a whole cannot be shown. What is wrong with one object is counted. */
export async function openOwn(file: File | OwnFile, options: OwnOptions = {}): Promise<OwnLayer> {
  const own =
    "bytes" in file && file.bytes instanceof Uint8Array ? (file as OwnFile) : await read(file as File);
  return openBytes(own, options);
}

async function read(file: File): Promise<OwnFile> {
  refuseLarge(file.size);
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    throw new OwnError("unreadable");
  }
}

function openBytes({ name, bytes }: OwnFile, options: OwnOptions): OwnLayer {
  refuseLarge(bytes.length);
  if (!bytes.some((byte) => byte > 0x20)) throw new OwnError("empty");
  const title = titleOf(name);
  if (isGlb(bytes) || /\.glb$/i.test(name)) return readGlb(bytes, title);
  if (isZipped(bytes)) throw new OwnError("zipped");
  if (looksLikeJson(bytes)) return openJson(name, bytes, title, options);
  if (/\.(?:csv|tsv|txt)$/i.test(name)) return readCsv(bytes, title, options);
  if (/json/i.test(name)) throw new OwnError("json");
  throw new OwnError("kind-unknown", { name: quoted(name) });
}

function openJson(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  title: string,
  options: OwnOptions,
): OwnLayer {
  if (isSequence(name, bytes)) return readCityJsonSeq(bytes, title, options);
  const value = parseJson(bytes);
  if (member(value, "type") === "CityJSON") return readCityJson(value, title, options);
  if (isGeoJson(value)) return readGeoJson(value, title, options);
  throw new OwnError("kind-unknown", { name: quoted(name) });
}

/** By its name, or because the first of several lines is a whole head. */
function isSequence(name: string, bytes: Uint8Array<ArrayBuffer>): boolean {
  if (/\.jsonl$/i.test(name)) return true;
  const lines = linesOf(bytes);
  const first = lines.next().value;
  if (first === undefined || first.at(-1) === undefined || lines.next().done === true) return false;
  const head = new TextDecoder().decode(first.subarray(0, 1_000));
  return /"type"\s*:\s*"CityJSON"/.test(head) && /\}\s*$/.test(new TextDecoder().decode(first.subarray(-10)));
}

function refuseLarge(size: number): void {
  if (size > LIMITS.fileBytes) throw new OwnError("too-large", { limit: LIMITS.fileBytes / 1_000_000 });
}

function isZipped(bytes: Uint8Array<ArrayBuffer>): boolean {
  const [a, b] = bytes;
  return (a === 0x50 && b === 0x4b) || (a === 0x1f && b === 0x8b);
}

/** The first mark is a bracket; a byte order mark before it does not count. */
function looksLikeJson(bytes: Uint8Array<ArrayBuffer>): boolean {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0;
  const first = bytes.subarray(start, start + 1_000).find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
}

function titleOf(name: string): string {
  const bare = name
    .replace(/^.*[/\\]/, "")
    .replace(NAME_END, "")
    .replaceAll("_", " ")
    .trim();
  return (bare || name).slice(0, LONGEST_TITLE);
}

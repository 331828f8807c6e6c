/** A GLB (glTF 2.0 in one file) is looked over, and handed on as it is. */

import { isRd } from "./coordinates";
import { geodetic } from "./frame";
import { boxOf, type GltfBox } from "./glb-box";
import { isObject, type JsonObject, listOf, member, parseJson } from "./json";
import { LIMITS } from "./limits";
import { OwnError, quoted } from "./own-error";
import type { GlbModel, OwnLayer, Placing, Triple } from "./own-layer";
import { lonLatOfRd } from "./rd";

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER = 12;
const CHUNK_HEADER = 8;

/** What the 3D engine can read here; Draco and Basis need decoders that are not served. */
const EXTENSIONS = new Set([
  "CESIUM_RTC",
  "EXT_mesh_features",
  "EXT_mesh_gpu_instancing",
  "EXT_instance_features",
  "EXT_meshopt_compression",
  "EXT_structural_metadata",
  "EXT_texture_webp",
  "KHR_materials_clearcoat",
  "KHR_materials_emissive_strength",
  "KHR_materials_ior",
  "KHR_materials_pbrSpecularGlossiness",
  "KHR_materials_sheen",
  "KHR_materials_specular",
  "KHR_materials_transmission",
  "KHR_materials_unlit",
  "KHR_materials_volume",
  "KHR_mesh_quantization",
  "KHR_texture_transform",
]);

/** Between these a length from the centre of the earth is a place near its surface. */
const NEAR_EARTH_M = [6_340_000, 6_400_000] as const;

export function isGlb(bytes: Uint8Array<ArrayBuffer>): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === MAGIC;
}

/** Raises OwnError with a reason that begins with `glb-`, `json` or `json-deep`. */
export function readGlb(bytes: Uint8Array<ArrayBuffer>, title: string): OwnLayer {
  const { json, binBytes } = chunksOf(bytes);
  const gltf = parseGltf(json);
  refuseExternal(gltf);
  const found = boxOf(gltf, binBytes);
  const placing = placingOf(gltf, found);
  const model: GlbModel = { form: "glb", bytes, triangles: found.triangles, box: found.box, placing };
  const place = placing.by === "file" ? placing : null;
  return {
    title,
    kind: "model",
    features: [],
    columns: [],
    bbox: place && [place.lon, place.lat, place.lon, place.lat],
    counted: { taken: 1, leftOut: [] },
    notes: [],
    model,
  };
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Chunks {
  readonly json: Uint8Array<ArrayBuffer>;
  readonly binBytes: number;
}

/** Every length is held against the bytes that are there, before it is used. */
function chunksOf(bytes: Uint8Array<ArrayBuffer>): Chunks {
  if (!isGlb(bytes)) throw new OwnError("glb-magic");
  if (bytes.length < HEADER + CHUNK_HEADER) throw new OwnError("glb-length");
  const view = viewOf(bytes);
  const version = view.getUint32(4, true);
  if (version !== 2) throw new OwnError("glb-version", { version });
  if (view.getUint32(8, true) !== bytes.length) throw new OwnError("glb-length");
  let json: Uint8Array<ArrayBuffer> | null = null;
  let binBytes = 0;
  for (let at = HEADER; at < bytes.length; ) {
    if (at + CHUNK_HEADER > bytes.length) throw new OwnError("glb-length");
    const length = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER;
    if (length > bytes.length - start) throw new OwnError("glb-length");
    if (json === null) {
      if (type !== JSON_CHUNK || length > LIMITS.glbJsonBytes) throw new OwnError("glb-json");
      json = bytes.subarray(start, start + length);
    } else if (type === BIN_CHUNK && binBytes === 0) binBytes = length;
    at = start + length;
  }
  if (json === null) throw new OwnError("glb-json");
  return { json, binBytes };
}

function parseGltf(bytes: Uint8Array<ArrayBuffer>): JsonObject {
  const gltf = parseJson(bytes);
  const version = member(member(gltf, "asset"), "version");
  if (!isObject(gltf) || typeof version !== "string") throw new OwnError("glb-json");
  if (!version.startsWith("2.")) throw new OwnError("glb-version", { version: quoted(version) });
  for (const name of [...listOf(gltf.extensionsRequired)].map(String)) {
    if (!EXTENSIONS.has(name)) throw new OwnError("glb-extension", { extension: quoted(name) });
  }
  return gltf;
}

/** No address anywhere, also not in an extension: what is drawn is in the file. */
function refuseExternal(gltf: JsonObject): void {
  const waiting: unknown[] = [gltf];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) for (const each of next) waiting.push(each ?? 0);
    if (!isObject(next)) continue;
    for (const [name, value] of Object.entries(next)) {
      if (name === "extras") continue;
      if (/uri$/i.test(name) && !(typeof value === "string" && /^data:/i.test(value))) {
        throw new OwnError("glb-external", { address: quoted(value) });
      }
      waiting.push(value ?? 0);
    }
  }
}

function placingOf(gltf: JsonObject, found: GltfBox): Placing {
  const { min, max } = found.box;
  const middle: Triple = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  const centre = listOf(member(member(member(gltf, "extensions"), "CESIUM_RTC"), "center"));
  if (centre.length === 3 && centre.every((each) => typeof each === "number" && Number.isFinite(each))) {
    const [x = 0, y = 0, z = 0] = centre as number[];
    return onEarth([x, y, z]) ?? { by: "reader", proposal: null };
  }
  // glTF has y up and -z north where the earth has z and y.
  const upright: Triple = [middle[0], -middle[2], middle[1]];
  const proposal = isRd(upright[0], upright[1]) ? lonLatOfRd(upright[0], upright[1]) : null;
  return onEarth(upright) ?? { by: "reader", proposal: proposal && { lon: proposal[0], lat: proposal[1] } };
}

function onEarth(place: Triple): Placing | null {
  const away = Math.hypot(...place);
  if (away < NEAR_EARTH_M[0] || away > NEAR_EARTH_M[1]) return null;
  const [lon, lat, heightM] = geodetic(place);
  return { by: "file", lon, lat, heightM };
}

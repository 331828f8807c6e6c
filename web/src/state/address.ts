/** Between the screen and the query of its address. Wrong values are left out, never an error. */

import type { Pose } from "../scene/pose";
import {
  readLooks,
  readSketch,
  readSun,
  readSwipe,
  readYear,
  writeLooks,
  writeSketch,
  writeSwipe,
} from "./address-parts";
import { liveTable, readLive, readMoment, writeLive } from "./live";
import {
  FIRST_SCREEN,
  type ObjectKey,
  PAPER,
  type Panel,
  type Screen,
  type TableView,
  type View,
} from "./screen";

const TABLE_KEYS = ["sorteer", "richting", "pagina", "q", "vanaf"] as const;
export const LAYER_ID = /^[a-z][a-z0-9-]{0,62}$/;
const PANELS: Readonly<Record<string, Panel>> = { thuis: "home", verken: "explore", dicht: "closed" };
const DEEPEST_M = 500;

export function readAddress(search: string): Screen {
  const query = new URLSearchParams(search);
  const layers = readLayers(query.get("lagen"));
  const looks = readLooks(query);
  const selection = readSelection(query.get("keuze"));
  const base = query.get("ondergrond") ?? "";
  const live = readLive(query.get("live"));
  const found = { layers, looks, selection, live };
  const [underground, walking] = [query.get("onder") === "ja", query.get("lopen") === "ja"];
  const camera = readCamera(query.get("camera"));
  return {
    ...found,
    panel: PANELS[query.get("paneel") ?? ""] ?? expectedPanel(found),
    view: readView(query.get("beeld")),
    // One looks up only from the street or from below it.
    camera: camera !== null && camera.pitch > 0 && !underground && !walking ? null : camera,
    table: readTable(query),
    base: LAYER_ID.test(base) ? base : PAPER,
    underground,
    depthM: readDepth(query.get("diepte")),
    groundOpacity: readShare(query.get("grond")) ?? FIRST_SCREEN.groundOpacity,
    walking,
    sun: readSun(query.get("zon")),
    year: readYear(query.get("jaar")),
    swipe: readSwipe(query.get("schuif")),
    sketch: readSketch(query.get("meet")),
    live,
    moment: readMoment(query.get("moment")),
  };
}

/** The query for a screen, with `?`, or "" for the first screen. Keys that are not ours (`taal`) are kept. */
export function writeAddress(screen: Screen, current: string): string {
  const query = new URLSearchParams();
  const language = new URLSearchParams(current).get("taal");
  const put = (key: string, value: string | null) => value !== null && query.append(key, value);
  put("taal", language);
  put("beeld", screen.view);
  put("camera", screen.camera === null ? null : writeCamera(screen.camera));
  put("paneel", writePanel(screen));
  put("lagen", screen.layers === null ? null : screen.layers.join(","));
  put("ondergrond", screen.base === FIRST_SCREEN.base ? null : screen.base);
  put("onder", screen.underground ? "ja" : null);
  put("diepte", screen.depthM === 0 ? null : String(screen.depthM));
  put("grond", screen.groundOpacity === FIRST_SCREEN.groundOpacity ? null : String(screen.groundOpacity));
  put("lopen", screen.walking ? "ja" : null);
  for (const [key, value] of writeLooks(screen.looks)) put(key, value);
  put("zon", screen.sun);
  put("jaar", screen.year === null ? null : String(screen.year));
  put("live", screen.live.length === 0 ? null : writeLive(screen.live));
  put("moment", screen.moment);
  put("schuif", screen.swipe === null ? null : writeSwipe(screen.swipe));
  put("meet", screen.sketch === null ? null : writeSketch(screen.sketch));
  put("keuze", screen.selection === null ? null : `${screen.selection.layer}/${screen.selection.id}`);
  put("tabel", screen.table?.layer ?? null);
  for (const key of TABLE_KEYS) put(key, screen.table?.query[key] || null);
  return legible(query);
}

/** Signs that a query may hold as they are, so that a person can read the address. */
function legible(query: URLSearchParams): string {
  const text = query
    .toString()
    .replaceAll("%2C", ",")
    .replaceAll("%2F", "/")
    .replaceAll("%3A", ":")
    .replaceAll("%7C", "|");
  return text === "" ? "" : `?${text}`;
}

function expectedPanel(screen: Pick<Screen, "layers" | "looks" | "selection" | "live">): Panel {
  const says =
    screen.layers !== null ||
    Object.keys(screen.looks).length > 0 ||
    screen.selection !== null ||
    screen.live.length > 0;
  return says ? "explore" : "home";
}

function writePanel(screen: Screen): string | null {
  if (screen.panel === expectedPanel(screen)) return null;
  return Object.keys(PANELS).find((key) => PANELS[key] === screen.panel) ?? null;
}

function readView(text: string | null): View | null {
  return text === "3d" || text === "2d" ? text : null;
}

/** `lon,lat,heading,pitch,distance` in degrees and metres. */
export function readCamera(text: string | null): Pose | null {
  const numbers = (text ?? "").split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers.length !== 5 || !numbers.every(Number.isFinite)) return null;
  const [lon, lat, heading, pitch, distance] = numbers as [number, number, number, number, number];
  const sensible = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && Math.abs(pitch) <= 90 && distance > 0;
  if (!sensible) return null;
  return { lon, lat, heading: ((heading % 360) + 360) % 360, pitch, distance };
}

/** Rounded to about 10 cm, a tenth of a degree and a metre. */
export function writeCamera(pose: Pose): string {
  const heading = Number((((pose.heading % 360) + 360) % 360).toFixed(1)) % 360;
  return [
    Number(pose.lon.toFixed(6)),
    Number(pose.lat.toFixed(6)),
    heading,
    Number(pose.pitch.toFixed(1)),
    Math.max(1, Math.round(pose.distance)),
  ].join(",");
}

function readLayers(text: string | null): readonly string[] | null {
  if (text === null) return null;
  return [...new Set(text.split(",").filter((id) => LAYER_ID.test(id)))];
}

function readDepth(text: string | null): number {
  const depth = Number(text ?? 0);
  return Number.isFinite(depth) && depth >= 0 && depth <= DEEPEST_M ? depth : 0;
}

function readShare(text: string | null): number | null {
  const share = text === null || text === "" ? Number.NaN : Number(text);
  return share >= 0 && share <= 1 ? share : null;
}

function readSelection(text: string | null): ObjectKey | null {
  const slash = (text ?? "").indexOf("/");
  if (text === null || slash < 1 || slash === text.length - 1) return null;
  const layer = text.slice(0, slash);
  return LAYER_ID.test(layer) ? { layer, id: text.slice(slash + 1) } : null;
}

function readTable(query: URLSearchParams): TableView | null {
  const layer = query.get("tabel");
  if (layer === null || !(LAYER_ID.test(layer) || liveTable(layer) !== null)) return null;
  return { layer, query: tableQuery(query) };
}

/** Only the keys that a table understands. */
export function tableQuery(query: URLSearchParams): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const key of TABLE_KEYS) {
    const value = query.get(key);
    if (value) values[key] = value;
  }
  return values;
}

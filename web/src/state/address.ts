/** Between the screen and the query of its address. Wrong values are left out, never an error. */

import type { Pose } from "../scene/pose";
import type { ColourChoice, ObjectKey, Panel, Screen, TableView, View } from "./screen";

const TABLE_KEYS = ["sorteer", "richting", "pagina", "q"] as const;
const LAYER_ID = /^[a-z][a-z0-9-]{0,62}$/;
const PANELS: Readonly<Record<string, Panel>> = { thuis: "home", verken: "explore", dicht: "closed" };

export function readAddress(search: string): Screen {
  const query = new URLSearchParams(search);
  const layers = readLayers(query.get("lagen"));
  const colour = readColour(query.get("kleur"));
  const selection = readSelection(query.get("keuze"));
  const says = layers !== null || colour !== null || selection !== null;
  return {
    panel: PANELS[query.get("paneel") ?? ""] ?? (says ? "explore" : "home"),
    view: readView(query.get("beeld")),
    camera: readCamera(query.get("camera")),
    layers,
    colour,
    selection,
    table: readTable(query),
    underground: query.get("onder") === "ja",
  };
}

/** The query for a screen, with `?`, or "" for the first screen. Keys that are not ours (`taal`) are kept. */
export function writeAddress(screen: Screen, current: string): string {
  const query = new URLSearchParams();
  const language = new URLSearchParams(current).get("taal");
  if (language !== null) query.set("taal", language);
  if (screen.view !== null) query.set("beeld", screen.view);
  if (screen.camera !== null) query.set("camera", writeCamera(screen.camera));
  const panel = writePanel(screen);
  if (panel !== null) query.set("paneel", panel);
  if (screen.layers !== null) query.set("lagen", screen.layers.join(","));
  if (screen.underground) query.set("onder", "ja");
  if (screen.colour !== null) query.set("kleur", `${screen.colour.layer}:${screen.colour.column}`);
  if (screen.selection !== null) query.set("keuze", `${screen.selection.layer}/${screen.selection.id}`);
  if (screen.table !== null) {
    query.set("tabel", screen.table.layer);
    for (const key of TABLE_KEYS) {
      const value = screen.table.query[key];
      if (value) query.set(key, value);
    }
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

function writePanel(screen: Screen): string | null {
  const says = screen.layers !== null || screen.colour !== null || screen.selection !== null;
  const expected: Panel = says ? "explore" : "home";
  if (screen.panel === expected) return null;
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
  const sensible = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && pitch <= 0 && pitch >= -90 && distance > 0;
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

function readColour(text: string | null): ColourChoice | null {
  const [layer, column, ...rest] = (text ?? "").split(":");
  if (!layer || !column || rest.length > 0 || !LAYER_ID.test(layer)) return null;
  return { layer, column };
}

function readSelection(text: string | null): ObjectKey | null {
  const slash = (text ?? "").indexOf("/");
  if (text === null || slash < 1 || slash === text.length - 1) return null;
  const layer = text.slice(0, slash);
  return LAYER_ID.test(layer) ? { layer, id: text.slice(slash + 1) } : null;
}

function readTable(query: URLSearchParams): TableView | null {
  const layer = query.get("tabel");
  if (layer === null || !LAYER_ID.test(layer)) return null;
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

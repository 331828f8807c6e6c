/** A small sample of how a layer looks on the map. */

import { html, type TemplateResult } from "lit";
import type { Layer, StyleRole } from "../api/shapes";
import { CITY } from "../drawing/palette";
import { isPlanned } from "../drawing/planned";
import { lookOf } from "../state/looks";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";

const OF_ROLE: Readonly<Record<StyleRole, string>> = {
  building: CITY.roof,
  water: CITY.water,
  street: CITY.street,
  path: CITY.path,
  park: CITY.park,
  area: "transparent",
  boundary: "transparent",
  plain: CITY.line,
};

/** The column of tubes that says what they carry: their colours on the map without another choice. */
export const CARRIES = "leiding";

export function swatch(context: PanelContext, layer: Layer): TemplateResult {
  const column = lookOf(context.screen, layer.id).colour ?? (layer.kind === "tubes" ? CARRIES : "");
  const classes = column === "" ? [] : (context.legends.classes({ layer: layer.id, column }) ?? []);
  const steps = classes.map((one) => one.colour).join(",");
  const plain = layer.kind === "trees" ? CITY.tree : OF_ROLE[layer.style.role];
  const background = classes.length > 1 ? `linear-gradient(90deg,${steps})` : (classes[0]?.colour ?? plain);
  const form = classes.length > 0 ? "" : formOf(layer);
  return html`<span class="swatch ${form}" ${painted({ background })} aria-hidden="true"></span>`;
}

/** Also in the same white a street is told from a square: the one is a line, the other an area. */
function formOf(layer: Layer): string {
  const { kind, style } = layer;
  if (isPlanned(layer)) return "dashed planned";
  if (style.role === "boundary" || (style.role === "area" && kind === "areas")) return "dashed";
  if (kind === "trees" || kind === "points") return "round";
  return kind === "lines" ? "line" : "";
}

/** How a name is written on a canvas: ink on a halo, water in blue italics. */

import type { MapLabel } from "../api/shapes";
import { LABEL, type LabelInk } from "../drawing/palette";
import { LABEL_FACES } from "./label-choice";

const HALO_PIXELS = 4;

/** With its middle at the origin of the context. */
export function writeLabel(
  context: CanvasRenderingContext2D,
  { text, kind }: MapLabel,
  ink: LabelInk = LABEL,
): void {
  const water = kind === "water";
  context.font = LABEL_FACES[kind].font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.strokeStyle = water ? ink.waterHalo : ink.halo;
  context.lineWidth = HALO_PIXELS;
  context.strokeText(text, 0, 0);
  context.fillStyle = water ? ink.water : ink.ink;
  context.fillText(text, 0, 0);
}

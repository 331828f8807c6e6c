/** Look at an own file on the map. It is read in the browser and goes nowhere. */

import { html } from "lit";
import { metresPerPixel } from "../../scene/pose";
import type { MapTool, ToolContext } from "../map-tools";
import { ownBox } from "../own/box";
import "../own/drop-zone";
import { OWN_TOOL } from "../own/opening";

const PICK_PIXELS = 8;

export const ownFileTool: MapTool = {
  id: OWN_TOOL,
  icon: "file",
  label: "own.title",
  place: "menu",
  pressed: ({ openTool }) => openTool === OWN_TOOL,
  press: (context) => (context.openTool === OWN_TOOL ? close(context) : open(context)),
  box: (context) => ownBox(context, () => close(context)),
  over: (context) => html`<tw-drop-zone .context=${context}></tw-drop-zone>`,
  taking: () => false,
  click: (context, { lon, lat }) => choose(context, lon, lat),
};

function open(context: ToolContext): void {
  context.open(OWN_TOOL);
  context.focus("[data-box=own] h2");
}

/** The files stay on the map; only the box goes. */
function close(context: ToolContext): void {
  context.open(null);
  context.own.chooseNothing();
  context.focus(".map");
}

function choose(context: ToolContext, lon: number, lat: number): boolean {
  const { own, screen, words } = context;
  if (own.list.length === 0) return false;
  const size = { width: innerWidth, height: innerHeight };
  const radiusM = screen.camera === null ? 5 : metresPerPixel(screen.camera, size) * PICK_PIXELS;
  if (!own.chooseAt(lon, lat, radiusM)) {
    own.chooseNothing();
    return false;
  }
  context.open(OWN_TOOL);
  context.change({ selection: null });
  context.tell(words.say("own.chosen"));
  return true;
}

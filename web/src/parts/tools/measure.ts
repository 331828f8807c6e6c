/** Measure and draw on the map: distance, area, height, a profile, an area to ask about. */

import type { Spot } from "../../scene/engine";
import type { Sketch } from "../../state/screen";
import { isFull, withoutPoint, withPoint } from "../../state/sketching";
import type { MapTool, ToolContext } from "../map-tools";
import { measureBox } from "../measure/box";
import { profileOver } from "../measure/profile-view";
import { spokenResult } from "../measure/results";

const ID = "measure";

export const measureTool: MapTool = {
  id: ID,
  icon: "measure",
  label: "measure.title",
  place: "menu",
  pressed: ({ screen }) => screen.sketch !== null,
  press: (context) => (context.screen.sketch === null ? start(context) : close(context)),
  box: (context) => measureBox(context, { drawing: isDrawing(context), draw, end, close, restart, remove }),
  over: (context) => profileOver(context),
  taking: isDrawing,
  click: place,
  key: (context, event) => isDrawing(context) && drawingKey(context, event),
};

/** Whether a click places a point. It is no part of a link: who opens one first looks. */
function isDrawing({ screen, openTool }: ToolContext): boolean {
  return screen.sketch !== null && openTool === ID;
}

function start(context: ToolContext): void {
  context.change({ sketch: { kind: "distance", points: [] }, selection: null, swipe: null });
  draw(context);
}

function draw(context: ToolContext): void {
  context.open(ID);
  context.tell(context.words.say("measure.started"));
  focusSoon(".map");
}

function end(context: ToolContext): void {
  context.open(null);
  const { sketch } = context.screen;
  if (sketch !== null) context.tell(spokenResult(context.words, sketch));
  focusSoon(".tool-head h2");
}

function close(context: ToolContext): void {
  context.open(null);
  context.change({ sketch: null });
  focusSoon(".map");
}

function restart(context: ToolContext): void {
  const { sketch } = context.screen;
  if (sketch === null) return;
  context.change({ sketch: { ...sketch, points: [] } });
  draw(context);
}

function place(context: ToolContext, spot: Spot): boolean {
  const { sketch } = context.screen;
  if (sketch === null || !isDrawing(context)) return false;
  const next = withPoint(sketch, spot);
  if (next !== sketch) put(context, next);
  else if (isFull(sketch)) context.tell(context.words.say("measure.full", { most: sketch.points.length }));
  // A height is ready with its second point.
  if (next.kind === "height" && isFull(next)) context.open(null);
  return true;
}

function remove(context: ToolContext, index: number): void {
  const { sketch } = context.screen;
  if (sketch !== null && index >= 0) put(context, withoutPoint(sketch, index));
}

function put(context: ToolContext, sketch: Sketch): void {
  context.change({ sketch });
  context.tell(spokenResult(context.words, sketch));
}

function drawingKey(context: ToolContext, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Backspace" || event.key === "Delete")
    remove(context, (context.screen.sketch?.points.length ?? 0) - 1);
  else if (event.key === "Escape") end(context);
  else return false;
  return true;
}

/** Once it is drawn: the button that was pressed may be gone. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`tw-app ${selector}`)?.focus());
}

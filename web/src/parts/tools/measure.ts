/** Measure and draw on the map: distance, area, height, a profile, an area to ask about. */

import { isRing } from "../../drawing/sketch-marks";
import type { Spot } from "../../scene/engine";
import type { Sketch, SketchKind } from "../../state/screen";
import { isFull, withKind, withoutPoint, withPoint } from "../../state/sketching";
import type { MapTool, ToolContext } from "../map-tools";
import { measureBox } from "../measure/box";
import { profileOver } from "../measure/profile-view";
import { spokenResult } from "../measure/results";

const ID = "measure";

/** The visitor has ended the drawing; until then one with too few points waits for more. */
let ended = false;

export const measureTool: MapTool = {
  id: ID,
  icon: "measure",
  label: "measure.title",
  place: "menu",
  pressed: ({ screen }) => screen.sketch !== null,
  press: (context) => (context.screen.sketch === null ? start(context) : close(context)),
  box: (context) =>
    measureBox(context, { drawing: isDrawing(context), draw, end, close, restart, remove, choose }),
  over: (context) => profileOver(context),
  taking: isDrawing,
  click: place,
  key: (context, event) => isDrawing(context) && drawingKey(context, event),
};

/** Whether a click places a point. Who opens a link first looks, unless there is nothing to see in it yet. */
function isDrawing({ screen: { sketch }, openTool }: ToolContext): boolean {
  if (sketch === null) return false;
  return openTool === ID || (openTool === null && !ended && hasTooFew(sketch));
}

function hasTooFew(sketch: Sketch): boolean {
  return sketch.points.length < (isRing(sketch) ? 3 : 2);
}

function start(context: ToolContext): void {
  context.change({ sketch: { kind: "distance", points: [] }, selection: null, swipe: null });
  draw(context);
}

function draw(context: ToolContext): void {
  begin(context);
  context.focus(".map");
}

function begin(context: ToolContext): void {
  ended = false;
  context.open(ID);
  context.tell(context.words.say("measure.started"));
}

function end(context: ToolContext): void {
  ended = true;
  context.open(null);
  context.redraw();
  const { sketch } = context.screen;
  if (sketch !== null) context.tell(spokenResult(context.words, sketch));
  context.focus(".tool-head h2");
}

function close(context: ToolContext): void {
  ended = false;
  context.open(null);
  context.change({ sketch: null });
  context.focus(".map");
}

function restart(context: ToolContext): void {
  const { sketch } = context.screen;
  if (sketch === null) return;
  context.change({ sketch: { ...sketch, points: [] } });
  draw(context);
}

/** Of a drawing that goes on the points are kept; after an ended one another kind starts anew. */
function choose(context: ToolContext, kind: SketchKind, by: HTMLElement): void {
  const { sketch } = context.screen;
  if (sketch === null) return;
  if (isDrawing(context)) {
    context.change({ sketch: withKind(sketch, kind) });
    return;
  }
  context.change({ sketch: { kind, points: [] } });
  begin(context);
  // By keyboard the arrows go on through the kinds, and Enter goes to the map.
  if (!by.matches(":focus-visible")) context.focus(".map");
}

function place(context: ToolContext, spot: Spot): boolean {
  const { sketch } = context.screen;
  if (sketch === null || !isDrawing(context)) return false;
  const next = withPoint(sketch, spot);
  if (next !== sketch) put(context, next);
  else if (isFull(sketch)) context.tell(context.words.say("measure.full", { most: sketch.points.length }));
  // A height is ready with its second point. Any other goes on, also once a link's points are enough.
  context.open(next.kind === "height" && isFull(next) ? null : ID);
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

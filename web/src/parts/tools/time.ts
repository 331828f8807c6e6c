/** The time bar: open while a year is chosen, or until it is closed. */

import { timed } from "../../state/years";
import type { MapTool, ToolContext } from "../map-tools";

export const TIME = "time";

export function timeIsOpen({ screen, openTool }: ToolContext): boolean {
  return openTool === TIME || screen.year !== null;
}

/** Opens the bar for its keys, when it is not; false when the twin has no years. */
export function opensTime(context: ToolContext): boolean {
  if (timed(context.layers).length === 0) return false;
  if (!timeIsOpen(context)) context.open(TIME);
  return true;
}

export const timeTool: MapTool = {
  id: TIME,
  icon: "time",
  label: "map.time",
  place: "column",
  offered: ({ layers }) => timed(layers).length > 0,
  pressed: timeIsOpen,
  press: (context) => {
    const opens = !timeIsOpen(context);
    context.open(opens ? TIME : null);
    if (!opens && context.screen.year !== null) context.change({ year: null });
  },
};

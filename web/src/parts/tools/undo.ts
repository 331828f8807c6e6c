/** Take back what changed the screen, and do it again: the same steps as "back" and "forward" of the browser. */

import type { MapTool } from "../map-tools";

export const undoTool: MapTool = {
  id: "undo",
  icon: "undo",
  label: "map.undo",
  place: "menu",
  disabled: ({ history }) => !history.canUndo,
  press: ({ history }) => history.undo(),
};

export const redoTool: MapTool = {
  id: "redo",
  icon: "redo",
  label: "map.redo",
  place: "menu",
  disabled: ({ history }) => !history.canRedo,
  press: ({ history }) => history.redo(),
};

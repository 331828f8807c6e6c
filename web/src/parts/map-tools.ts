/**
 * What one can do with the map. A tool is a button with words; while it is on it may show a box beside the
 * map, draw over the map, and take clicks on it. The screen's document says whether it is on, wherever
 * that is worth a link.
 */

import type { TemplateResult } from "lit";
import type { Client } from "../api/client";
import type { SceneManifest } from "../api/shapes";
import type { PictureHow, Spot } from "../scene/engine";
import type { Picture } from "../scene/picture";
import type { OwnFiles } from "../state/own-files";
import type { View } from "../state/screen";
import type { ScreenStore } from "../state/screen-store";
import type { IconName } from "./icons";
import type { Posed } from "./map-keeper";
import type { PanelContext } from "./panel-context";
import { displayTool } from "./tools/display";
import { measureTool } from "./tools/measure";
import { ownFileTool } from "./tools/own-file";
import { shareTool } from "./tools/share";
import { sunTool } from "./tools/sun";
import { swipeTool } from "./tools/swipe";
import { timeTool } from "./tools/time";
import { undergroundTool } from "./tools/underground";
import { redoTool, undoTool } from "./tools/undo";
import { walkTool } from "./tools/walk";

/** What a tool gets: what panels get, and the map. */
export interface ToolContext extends PanelContext {
  readonly client: Client;
  readonly own: OwnFiles;
  readonly phone: boolean;
  /** The map that is drawn; null while none is. */
  readonly view: View | null;
  /** Whether this device can draw 3D. */
  readonly can3d: boolean;
  /** A tool that is on without being in the document. */
  readonly openTool: string | null;
  open(tool: string | null): void;
  /** Read aloud by a screen reader. */
  tell(text: string): void;
  /** Once the change is drawn; before any next key, which would otherwise be answered elsewhere. */
  focus(selector: string): void;
  /** Where in the world a point of the map is, in CSS pixels from its corner. */
  spot(x: number, y: number): Spot | null;
  picture(how?: PictureHow): Promise<Picture | null>;
  /** Move the picture by parts of its own size; in the street step and turn. */
  pan(right: number, up: number): void;
  /** Where the map looks; null while none is drawn. */
  posed(): Posed | null;
  /** Whether shadows are being made. */
  readonly shading: boolean;
  /** Metres of the land: above NAP in general, and where its middle is. */
  readonly scene: SceneManifest;
  readonly history: Pick<ScreenStore, "canUndo" | "canRedo" | "undo" | "redo">;
  /** Draw the screen again: something of a tool itself has changed. */
  redraw(): void;
}

export interface MapTool {
  readonly id: string;
  readonly icon: IconName;
  /** Key of its words in the catalogue. */
  readonly label: string;
  /** Beside the map at once, or behind the button with all tools. */
  readonly place: "column" | "menu";
  /** Left out: always. */
  offered?(context: ToolContext): boolean;
  /** Whether it is on. Left out: it does something at once, and is never on. */
  pressed?(context: ToolContext): boolean;
  /** It is there but can do nothing now. */
  disabled?(context: ToolContext): boolean;
  press(context: ToolContext): void;
  /** Beside the map, above the card, while it is on. */
  box?(context: ToolContext): TemplateResult;
  /** Over the map, whether or not it is on. */
  over?(context: ToolContext): TemplateResult;
  /** Whether it takes clicks now. Left out: as long as it is on. */
  taking?(context: ToolContext): boolean;
  /** A click on the map, also while it is off; true when it was meant for the tool. */
  click?(context: ToolContext, spot: Spot): boolean;
  /** A key on the map while it is on, before the map itself; true when it was meant for the tool. */
  key?(context: ToolContext, event: KeyboardEvent): boolean;
}

/** In the order of the column and the menu. */
export const MAP_TOOLS: readonly MapTool[] = [
  undergroundTool,
  sunTool,
  walkTool,
  displayTool,
  timeTool,
  swipeTool,
  measureTool,
  ownFileTool,
  shareTool,
  undoTool,
  redoTool,
];

export function offeredTools(context: ToolContext): readonly MapTool[] {
  return MAP_TOOLS.filter((tool) => tool.offered?.(context) ?? true);
}

/** The tools that are on. */
export function toolsOn(context: ToolContext): readonly MapTool[] {
  return offeredTools(context).filter((tool) => tool.pressed?.(context) ?? false);
}

/** Whether a click on the map would be for a tool. */
export function takesClicks(context: ToolContext): boolean {
  return toolsOn(context).some((tool) => tool.click !== undefined && (tool.taking?.(context) ?? true));
}

/** Whether a click on the map was meant for a tool. */
export function clickForTool(context: ToolContext, spot: Spot): boolean {
  return offeredTools(context).some((tool) => tool.click?.(context, spot) === true);
}

/** Whether a key on the map was meant for a tool; then nothing else gets it. */
export function keyForTool(context: ToolContext, event: KeyboardEvent): boolean {
  if (!toolsOn(context).some((tool) => tool.key?.(context, event) === true)) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** What the keys of the whole screen do. */

import type { Screen } from "../state/screen";
import { type ToolContext, toolsOn } from "./map-tools";
import { type Shortcut, shortcutOf } from "./shortcuts";

export type KeyActions = Readonly<Record<Exclude<Shortcut, "close">, () => void>> & { closeCard(): void };

export function actOnKey(event: KeyboardEvent, screen: Screen, context: ToolContext, acts: KeyActions): void {
  const shortcut = shortcutOf(event);
  // On paper a table is the page itself.
  if (shortcut === null || (shortcut === "print" && screen.table !== null)) return;
  const act = shortcut === "close" ? closing(event.target as Element, screen, context, acts) : acts[shortcut];
  if (act === null) return;
  event.preventDefault();
  act();
}

/** What Escape closes: where the focus is first, then the card, then the tool that was opened last. */
function closing(
  focused: Element,
  screen: Screen,
  context: ToolContext,
  acts: KeyActions,
): (() => void) | null {
  const boxed = screen.table === null ? toolsOn(context).filter((tool) => tool.box !== undefined) : [];
  const inside = boxed.find((tool) => tool.id === focused.closest<HTMLElement>("[data-box]")?.dataset.box);
  const tool = inside ?? (screen.selection === null ? boxed.at(-1) : undefined);
  if (tool !== undefined) return () => tool.press(context);
  if (screen.selection !== null) return () => acts.closeCard();
  const panel = focused.closest(".panel") !== null && screen.panel !== "closed";
  return panel ? () => context.change({ panel: "closed" }) : null;
}

/** Keys that work everywhere on the screen, except while one is writing. */

export type Shortcut = "search" | "table" | "close" | "undo" | "redo" | "print" | "earlier" | "later";

export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.altKey) return null;
  const target = event.target as HTMLElement;
  const writes =
    "input:not([type=checkbox], [type=range], [type=radio]), textarea, select, [contenteditable]";
  if (target.closest(writes) !== null) return null;
  if (event.ctrlKey || event.metaKey) return withControl(event);
  if (event.key === "/") return "search";
  if (event.key.toLowerCase() === "t") return "table";
  if (event.key === "[") return "earlier";
  if (event.key === "]") return "later";
  return event.key === "Escape" && target.closest(".map") === null ? "close" : null;
}

function withControl(event: KeyboardEvent): Shortcut | null {
  const key = event.key.toLowerCase();
  if (key === "p") return "print";
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey ? "redo" : null;
}

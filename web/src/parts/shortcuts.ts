/** Keys that work everywhere on the screen, except while one is writing. */

export type Shortcut = "search" | "table" | "close";

export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target as HTMLElement;
  const writes = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  if (target.closest(writes) !== null) return null;
  if (event.key === "/") return "search";
  if (event.key.toLowerCase() === "t") return "table";
  return event.key === "Escape" && target.closest(".map") === null ? "close" : null;
}

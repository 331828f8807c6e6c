/**
 * The keyboard keeps its place. What had the focus may be gone after a drawing (a box was closed, a menu item
 * chosen), and the browser then lets the focus fall to the page, where a reader has to begin anew.
 */

import type { ReactiveController } from "lit";

export class FocusKeeper implements ReactiveController {
  private had: Element | null = null;
  /** Where to go when it is gone, the first that is there. */
  private next: readonly string[] = [];

  constructor(private readonly root: HTMLElement) {}

  /** Before a drawing. */
  hostUpdate(): void {
    const active = document.activeElement;
    this.had = active !== null && this.root.contains(active) ? active : null;
    this.next = this.had === null ? [] : after(this.had);
  }

  /** After it. */
  hostUpdated(): void {
    if (this.had === null || this.had.isConnected) return;
    // Whoever drew may have meant another place, and goes there in this same moment.
    queueMicrotask(() => {
      if (document.activeElement !== document.body) return;
      const found = this.next
        .map((one) => this.root.querySelector<HTMLElement>(one))
        .find((one) => one !== null);
      found?.focus();
    });
  }
}

function after(element: Element): readonly string[] {
  const tool = element.closest<HTMLElement>(".tool-menu [data-tool]")?.dataset.tool;
  if (tool !== undefined) return [`[data-box=${tool}] .tool-head h2`, "[data-tool=more]", ".map"];
  const box = element.closest<HTMLElement>("[data-box]")?.dataset.box;
  if (box !== undefined) return [`.tools [data-tool=${box}]`, "[data-tool=more]", ".map"];
  if (element.closest(".panel, .sheet") !== null) return ["#panel-title", "[data-tool=layers]", ".map"];
  return [".map"];
}

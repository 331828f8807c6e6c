/** How much a visitor wants drawn: on this device only, and remembered there. */

export const DETAIL_CHOICES = ["calm", "automatic", "fine"] as const;
export type DetailChoice = (typeof DETAIL_CHOICES)[number];

const KEY = "tweestad:detail";
const CHANGED = "tweestad-detail";

/** A browser may refuse to remember; then the choice holds for this page. */
let chosen: DetailChoice | null = null;

export function readDetail(): DetailChoice {
  chosen ??= DETAIL_CHOICES.find((one) => one === remembered()) ?? "automatic";
  return chosen;
}

export function chooseDetail(choice: DetailChoice): void {
  chosen = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Private windows and full disks: the choice holds for this page.
  }
  dispatchEvent(new Event(CHANGED));
}

export function onDetail(listener: () => void, signal: AbortSignal): void {
  addEventListener(CHANGED, listener, { signal });
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

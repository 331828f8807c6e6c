/** How many pixels of the map the panel, the card and the sheet cover. */

import { type Insets, NO_INSETS } from "../scene/pose";
import type { SheetHeight } from "./sheet";

export interface Covers {
  readonly panel: HTMLElement | null;
  readonly card: HTMLElement | null;
  readonly sheet: SheetHeight | null;
  /** What a tool shows below the map. */
  readonly below: HTMLElement | null;
}

/** A full sheet leaves nothing to aim at: the map then stays as it is at half. */
const SHEET_SHARE: Readonly<Record<SheetHeight, number>> = { peek: 0.24, half: 0.56, full: 0.56 };

export function coveredBy(map: HTMLElement | null, covers: Covers): Insets {
  if (map === null) return NO_INSETS;
  const box = map.getBoundingClientRect();
  if (covers.sheet !== null) {
    return { ...NO_INSETS, bottom: Math.round(box.height * SHEET_SHARE[covers.sheet]) };
  }
  const left = covers.panel === null ? 0 : covers.panel.getBoundingClientRect().right - box.left;
  const right = covers.card === null ? 0 : box.right - covers.card.getBoundingClientRect().left;
  const bottom = covers.below === null ? 0 : box.bottom - covers.below.getBoundingClientRect().top;
  // Never aim at a strip that is too narrow to see anything in.
  const fits = box.width - left - right >= box.width * 0.25;
  return {
    ...NO_INSETS,
    left: Math.max(0, Math.round(left)),
    right: fits ? Math.max(0, Math.round(right)) : 0,
    bottom: Math.max(0, Math.min(Math.round(bottom), Math.round(box.height * 0.6))),
  };
}

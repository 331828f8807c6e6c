/** Which side of a divided map a tileset is on: one of them, both alike, or each in its own look. */

import type { TilesetEntry } from "../../api/shapes";
import { PLAIN, type Shown, type Side } from "../engine";

export interface Divided extends Side {
  readonly swipe: Shown["swipe"];
}

export type Split =
  | { readonly where: "whole" | "left" | "right"; readonly side: Side }
  /** It has to be there twice. */
  | { readonly where: "both"; readonly side: Side; readonly right: Side };

/** Of a tileset that is not shown on either side the look does not matter. */
export function splitOf(entry: TilesetEntry, look: Divided): Split {
  if (look.swipe === null) return { where: "whole", side: look };
  const { right } = look.swipe;
  const [onLeft, onRight] = [isOn(entry, look), isOn(entry, right)];
  if (onLeft !== onRight) return onLeft ? { where: "left", side: look } : { where: "right", side: right };
  if (!onLeft || sameLook(entry, look, right)) return { where: "whole", side: look };
  return { where: "both", side: look, right };
}

/** Whether a side shows a tileset. */
export function isOn(entry: TilesetEntry, side: Side): boolean {
  return entry.layer === null || entry.role === "land" || side.layers.has(entry.layer);
}

/** Whether it is to be seen at all. */
export function isOnEither(entry: TilesetEntry, look: Divided): boolean {
  return isOn(entry, look) || (look.swipe !== null && isOn(entry, look.swipe.right));
}

function sameLook(entry: TilesetEntry, left: Side, right: Side): boolean {
  const look = (side: Side) => JSON.stringify(side.looks.get(entry.layer ?? "") ?? PLAIN);
  return look(left) === look(right);
}

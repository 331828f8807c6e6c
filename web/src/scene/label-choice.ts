/** Which names a map shows: by what is in view and how much room there is. Both maps choose by this. */

import type { MapLabel } from "../api/shapes";
import { type Box, collides, labelBox } from "./label-boxes";

export const LABEL_FACES: Readonly<Record<MapLabel["kind"], { font: string; height: number }>> = {
  street: { font: '400 14px "Source Sans 3", sans-serif', height: 18 },
  water: { font: 'italic 400 15px "Source Sans 3", sans-serif', height: 19 },
  area: { font: '600 19px "Source Sans 3", sans-serif', height: 24 },
};

/** A name that is in view: where its middle comes on the screen, and turned how far anticlockwise. */
export interface Seen {
  readonly label: MapLabel;
  readonly x: number;
  readonly y: number;
  readonly angleDeg: number;
}

/** Names of neighbourhoods say where one is, also when nothing else of their layer is drawn. */
export function isShown({ kind, layer }: MapLabel, visible: ReadonlySet<string>): boolean {
  return kind === "area" || layer === null || visible.has(layer);
}

/** Between two pieces of one street that both carry its name. */
const APART_PIXELS = 420;
/** So many square pixels to a name. */
const ROOM = 52_000;
const LEAST = 6;

/**
 * The names that fit, most important first: of each kind by rank, none across another, and one name again
 * only where its last is far off. `order` says which kind comes first.
 */
export function fitting(
  seen: readonly Seen[],
  size: { readonly width: number; readonly height: number },
  order: readonly MapLabel["kind"][],
  widthOf: (label: MapLabel) => number,
): readonly Seen[] {
  const most = Math.max(LEAST, Math.round((size.width * size.height) / ROOM));
  const taken: Box[] = [];
  const kept: Seen[] = [];
  const ranked = [...seen].sort(
    (a, b) => order.indexOf(a.label.kind) - order.indexOf(b.label.kind) || a.label.rank - b.label.rank,
  );
  for (const one of ranked) {
    if (kept.length >= most) break;
    if (!order.includes(one.label.kind) || isNear(one, kept)) continue;
    const { height } = LABEL_FACES[one.label.kind];
    const box = labelBox(one.x, one.y, widthOf(one.label), height, one.angleDeg);
    const inside = box.left > 4 && box.right < size.width - 4 && box.top > 4 && box.bottom < size.height - 4;
    if (!inside || collides(box, taken)) continue;
    taken.push(box);
    kept.push(one);
  }
  return kept;
}

function isNear(one: Seen, kept: readonly Seen[]): boolean {
  return kept.some(
    (other) =>
      other.label.text === one.label.text && Math.hypot(other.x - one.x, other.y - one.y) < APART_PIXELS,
  );
}

/** Never upside down: above -90 and at most 90 degrees. */
export function upright(angleDeg: number): number {
  const turned = ((((angleDeg + 90) % 180) + 180) % 180) - 90;
  return turned === -90 ? 90 : turned;
}

const widths = new Map<string, number>();
let ruler: CanvasRenderingContext2D | null = null;

/** How many pixels wide a name is written. */
export function labelWidth({ text, kind }: MapLabel): number {
  const key = `${kind} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler ??= document.createElement("canvas").getContext("2d");
  if (ruler === null) return text.length * 7;
  ruler.font = LABEL_FACES[kind].font;
  const width = ruler.measureText(text).width;
  widths.set(key, width);
  return width;
}

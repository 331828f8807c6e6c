/** Which part of the world is in view, in steps: a small movement asks for nothing new. */

import { groundUnder, type Insets, moved, type Pose, type Size } from "../scene/pose";
import type { Box } from "./shapes";

/** Beyond this many times the distance to what is looked at nobody makes out a symbol. */
const SIGHT = 2.5;
/** So much more than what is seen is fetched, of its width. */
const ROOM = 0.15;
/** More than this many times what is seen, and too much would be fetched. */
const MOST_SPARE = 3.5;

export function viewBox(pose: Pose, size: Size, insets: Insets): Box {
  const corners: readonly (readonly [number, number])[] = [
    [0, 0],
    [size.width, 0],
    [0, size.height],
    [size.width, size.height],
    [size.width / 2, 0],
  ];
  const far = pose.distance * SIGHT;
  const grounds = corners.map(([x, y]) => {
    const ground = groundUnder(pose, size, insets, x, y) ?? towards(pose, x / size.width - 0.5);
    const away = Math.hypot(...ground);
    const share = away > far ? far / away : 1;
    return moved(pose, ground[0] * share, ground[1] * share);
  });
  const [lons, lats] = [grounds.map(({ lon }) => lon), grounds.map(({ lat }) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Above the horizon: as far as one sees, in that direction. */
function towards({ heading, distance }: Pose, aside: number): readonly [number, number] {
  const angle = (heading * Math.PI) / 180 + aside * 0.56;
  return [Math.sin(angle) * distance * 100, Math.cos(angle) * distance * 100];
}

/** The box to fetch: the one of before while it holds what is seen and not much more. */
export function boxAround(seen: Box, before: Box | null): Box {
  if (before !== null && holds(before, seen) && widthOf(before) <= widthOf(seen) * MOST_SPARE) return before;
  const [west, south, east, north] = seen;
  const [wide, high] = [(east - west) * ROOM, (north - south) * ROOM];
  const round = (edge: number) => Math.round(edge * 1e5) / 1e5;
  return [round(west - wide), round(south - high), round(east + wide), round(north + high)];
}

function holds(box: Box, other: Box): boolean {
  return box[0] <= other[0] && box[1] <= other[1] && box[2] >= other[2] && box[3] >= other[3];
}

function widthOf([west, , east]: Box): number {
  return east - west;
}

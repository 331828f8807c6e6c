/** Heights in metres of NAP along the upright line through what is looked at, as they lie on the screen. */

import { type Insets, type Pose, pixelOf, type Size } from "./pose";

export interface DepthMark {
  readonly napM: number;
  /** Pixels from the upper edge. */
  readonly y: number;
}

const STEPS_M = [1, 2, 5, 10, 20, 50, 100, 200] as const;
const LEAST_APART = 32;
/** Seen from straight above, heights lie on top of each other: then there is nothing to read off. */
const FLATTEST = 0.2;
/** What is worth a mark, above and below the street. */
const HIGHEST_M = 25;
const DEEPEST_M = 110;
const MOST = 60;

/** Where a height lies; `targetNapM` is the height of what is looked at. */
export function heightOnScreen(
  pose: Pose,
  size: Size,
  insets: Insets,
  targetNapM: number,
  napM: number,
): number | null {
  return pixelOf(pose, size, insets, pose.lon, pose.lat, napM - targetNapM)?.[1] ?? null;
}

/** Marks at round numbers, not nearer to each other than one can read. */
export function depthMarks(
  pose: Pose,
  size: Size,
  insets: Insets,
  targetNapM: number,
  streetNapM: number,
): readonly DepthMark[] {
  if (Math.cos((pose.pitch * Math.PI) / 180) < FLATTEST) return [];
  const at = (napM: number) => heightOnScreen(pose, size, insets, targetNapM, napM);
  const [here, above] = [at(targetNapM), at(targetNapM + 1)];
  if (here === null || above === null) return [];
  const perMetre = Math.abs(here - above);
  const step = STEPS_M.find((one) => one * perMetre >= LEAST_APART);
  if (step === undefined || perMetre === 0) return [];
  const first = Math.round(targetNapM / step) * step;
  const marks: DepthMark[] = [];
  for (let n = -MOST; n <= MOST; n += 1) {
    const napM = first + n * step;
    const y = at(napM);
    if (napM > streetNapM + HIGHEST_M || napM < streetNapM - DEEPEST_M) continue;
    if (y !== null && y >= 12 && y <= size.height - 12) marks.push({ napM, y });
  }
  return marks;
}

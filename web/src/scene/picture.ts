/** The map as a picture. */

import type { Pose } from "./pose";

export interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly pose: Pose;
  /** Metres on the ground for one CSS pixel in the middle of the picture. */
  readonly metresPerPixel: number;
  /** Pixels of the canvas for one CSS pixel. */
  readonly ratio: number;
}

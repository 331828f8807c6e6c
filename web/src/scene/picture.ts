/** The map as a picture. */

export interface Picture {
  readonly canvas: HTMLCanvasElement;
  /** Where the top of the picture points; 0 is north. */
  readonly headingDeg: number;
  /** Metres on the ground for one CSS pixel in the middle of the picture. */
  readonly metresPerPixel: number;
  /** Pixels of the canvas for one CSS pixel. */
  readonly ratio: number;
}

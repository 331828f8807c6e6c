/** A scale bar of a round length. */

export interface ScaleBar {
  readonly metres: number;
  /** CSS pixels. */
  readonly pixels: number;
  /** "200 m" or "2 km". */
  readonly label: string;
}

/** The longest bar of 1, 2 or 5 times a power of ten that is at most so wide. */
export function scaleBar(metresPerPixel: number, mostPixels: number): ScaleBar {
  const most = metresPerPixel * mostPixels;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((times) => times * power <= most) ?? 1;
  const metres = step * power;
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  return { metres, pixels: metres / metresPerPixel, label };
}

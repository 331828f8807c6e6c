/** Where names would lie on the screen, and whether they would cross. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The upright box around a name of so many pixels, turned anticlockwise by an angle in degrees. */
export function labelBox(x: number, y: number, width: number, height: number, angleDeg = 0): Box {
  const a = (angleDeg * Math.PI) / 180;
  const w = (Math.abs(Math.cos(a)) * width + Math.abs(Math.sin(a)) * height) / 2;
  const h = (Math.abs(Math.sin(a)) * width + Math.abs(Math.cos(a)) * height) / 2;
  return { left: x - w, top: y - h, right: x + w, bottom: y + h };
}

export function collides(box: Box, taken: readonly Box[], room = 6): boolean {
  return taken.some(
    (other) =>
      box.left - room < other.right &&
      box.right + room > other.left &&
      box.top - room < other.bottom &&
      box.bottom + room > other.top,
  );
}

/**
 * The map by keyboard: arrows, plus, minus, shift with arrows turns, Enter picks, page keys go down and up
 * below the ground, Escape leaves. In the street the arrows step and turn, and the letters of games too.
 */

export interface MapKeys {
  pan(right: number, up: number): void;
  turn(headingDeg: number, pitchDeg: number): void;
  zoom(factor: number): void;
  pickMiddle(): void;
  /** Below the ground; false when that is not where one looks. */
  deeper(steps: number): boolean;
  leave(): void;
}

const STEP = 0.15;
const TURN_DEG = 12;
const TILT_DEG = 6;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const LETTERS: Readonly<Record<string, readonly [number, number]>> = {
  a: [-1, 0],
  d: [1, 0],
  w: [0, 1],
  s: [0, -1],
};

/** Returns whether the key was for the map. */
export function mapKey(event: KeyboardEvent, keys: MapKeys, walking = false): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const arrow = ARROWS[event.key] ?? (walking ? LETTERS[event.key.toLowerCase()] : undefined);
  if (arrow !== undefined) {
    if (event.shiftKey) keys.turn(arrow[0] * TURN_DEG, -arrow[1] * TILT_DEG);
    else keys.pan(arrow[0] * STEP, arrow[1] * STEP);
  } else if (event.key === "+" || event.key === "=") keys.zoom(1 / Math.SQRT2);
  else if (event.key === "-" || event.key === "_") keys.zoom(Math.SQRT2);
  else if (event.key === "PageDown") return keys.deeper(1);
  else if (event.key === "PageUp") return keys.deeper(-1);
  else if (event.key === "Enter") keys.pickMiddle();
  else if (event.key === "Escape") keys.leave();
  else return false;
  return true;
}

/** The map by keyboard: arrows, plus, minus, shift with arrows turns, Enter picks, Escape leaves. */

export interface MapKeys {
  pan(right: number, up: number): void;
  turn(headingDeg: number, pitchDeg: number): void;
  zoom(factor: number): void;
  pickMiddle(): void;
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

/** Returns whether the key was for the map. */
export function mapKey(event: KeyboardEvent, keys: MapKeys): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    if (event.shiftKey) keys.turn(arrow[0] * TURN_DEG, -arrow[1] * TILT_DEG);
    else keys.pan(arrow[0] * STEP, arrow[1] * STEP);
  } else if (event.key === "+" || event.key === "=") keys.zoom(1 / Math.SQRT2);
  else if (event.key === "-" || event.key === "_") keys.zoom(Math.SQRT2);
  else if (event.key === "Enter") keys.pickMiddle();
  else if (event.key === "Escape") keys.leave();
  else return false;
  return true;
}

/** How much is drawn, chosen by how long a frame takes on this device, or by hand. */

import type { DetailChoice } from "../detail-choice";

export type Level = "full" | "middle" | "light";

export interface Drawing {
  readonly lines: boolean;
  readonly msaaSamples: 1 | 4;
  readonly fxaa: boolean;
  readonly shadows: boolean;
  readonly haze: boolean;
  readonly resolution: number;
  /** Pixels that what is left out may measure on the screen. */
  readonly errorPixels: number;
}

const FULL_BELOW_MS = 30;
const MIDDLE_BELOW_MS = 150;
const ERROR_PIXELS = 8;

export function levelFor(frameMs: number): Level {
  if (frameMs < FULL_BELOW_MS) return "full";
  return frameMs <= MIDDLE_BELOW_MS ? "middle" : "light";
}

/** Null: the frame time decides. */
export function levelOf(choice: DetailChoice): Level | null {
  return choice === "calm" ? "light" : choice === "fine" ? "full" : null;
}

/**
 * The light level spares the machine while the camera moves, and draws everything it can when still.
 * Shadows are for the still frame: of a sun that a visitor asked for on every level, else on a fast device.
 */
export function drawingFor(level: Level, moving: boolean, sunAsked = false): Drawing {
  const light = level === "light";
  return {
    lines: !(light && moving),
    msaaSamples: light ? 1 : 4,
    fxaa: light && !moving,
    shadows: !moving && (sunAsked || level === "full"),
    haze: level === "full",
    resolution: light && moving ? 0.75 : 1,
    errorPixels: moving ? ERROR_PIXELS * (light ? 2 : level === "middle" ? 1.5 : 1) : ERROR_PIXELS,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const ORDER: readonly Level[] = ["light", "middle", "full"];
const KEPT_FRAMES = 15;
const STAYS_MS = 2_000;
/** After a step down it takes longer to try again, or the picture would go to and fro. */
const STAYS_DOWN_MS = 15_000;
/** A display of 60 frames a second never shows less than 16.7 ms. */
const UP_BELOW_MS: Readonly<Record<Level, number>> = { light: 50, middle: 20, full: 0 };
const DOWN_ABOVE_MS: Readonly<Record<Level, number>> = { light: Infinity, middle: 190, full: 40 };

/** Follows the frame time of a moving camera: a running median, and a level that does not flutter. */
export class FrameTimes {
  private frames: number[] = [];
  private since = 0;
  private stays = STAYS_MS;

  /** The level after a frame that took so long; `now` in milliseconds. */
  next(level: Level, frameMs: number, now: number): Level {
    this.frames = [...this.frames.slice(1 - KEPT_FRAMES), frameMs];
    if (this.frames.length < KEPT_FRAMES || now - this.since < this.stays) return level;
    const usual = median(this.frames);
    const step = usual > DOWN_ABOVE_MS[level] ? -1 : usual < UP_BELOW_MS[level] ? 1 : 0;
    const found = ORDER[ORDER.indexOf(level) + step] ?? level;
    if (found === level) return level;
    this.frames = [];
    this.since = now;
    this.stays = step < 0 ? STAYS_DOWN_MS : STAYS_MS;
    return found;
  }
}

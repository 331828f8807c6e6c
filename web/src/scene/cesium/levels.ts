/** How much is drawn, chosen by how long a frame takes on this device. */

export type Level = "full" | "middle" | "light";

export interface Drawing {
  readonly lines: boolean;
  readonly msaaSamples: 1 | 4;
  readonly fxaa: boolean;
  readonly shadows: boolean;
  readonly haze: boolean;
  readonly resolution: number;
}

const FULL_BELOW_MS = 30;
const MIDDLE_BELOW_MS = 150;

export function levelFor(frameMs: number): Level {
  if (frameMs < FULL_BELOW_MS) return "full";
  return frameMs <= MIDDLE_BELOW_MS ? "middle" : "light";
}

/** The light level spares the machine while the camera moves, and draws everything it can when still. */
export function drawingFor(level: Level, moving: boolean): Drawing {
  const light = level === "light";
  return {
    lines: !(light && moving),
    msaaSamples: light ? 1 : 4,
    fxaa: light && !moving,
    shadows: level === "full",
    haze: level === "full",
    resolution: light && moving ? 0.75 : 1,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

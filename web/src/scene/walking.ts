/**
 * Standing in the street: the pose then is the place of the eye itself, at a distance of one metre, and
 * the ground is EYE_ABOVE_GROUND_M below it.
 */

import type { MapLabel } from "../api/shapes";
import { axes, LIMITS, metresTo, moved, type Pose, type Size } from "./pose";

export const EYE_ABOVE_GROUND_M = 1.65;
/** Wider than from above: near by, a long lens shows one door. Along the longer side of the map. */
export const WALKING_FIELD_DEG = 60;
export const STEP_M = 3;
export const TURN_DEG = 15;

const DISTANCE_M = 1;
const STEEPEST_DEG = 60;
const REACH_M = 150;
const BACK_ABOVE = { pitch: -31, distance: 320 } as const;

export function isWalking(pose: Pose): boolean {
  return pose.distance < LIMITS.minDistance / 2;
}

/** Down into the street at what was looked at, with level eyes. */
export function stoodAt(pose: Pose): Pose {
  return { ...pose, pitch: 0, distance: DISTANCE_M };
}

/** A name on the map stands on its street: the nearest one within so many metres, looking along it. */
export function onStreet(pose: Pose, labels: readonly MapLabel[]): Pose {
  let nearest = REACH_M;
  let found = pose;
  for (const { kind, lon, lat, angleDeg } of labels) {
    const metres = kind === "street" ? Math.hypot(...metresTo(pose, lon, lat)) : Number.POSITIVE_INFINITY;
    if (metres >= nearest) continue;
    nearest = metres;
    const along = (((90 - angleDeg) % 360) + 360) % 360;
    const ahead = Math.cos(((along - pose.heading) * Math.PI) / 180) >= 0;
    found = { ...pose, lon, lat, heading: ahead ? along : (along + 180) % 360 };
  }
  return found;
}

/** Up again, above where one stood. */
export function lifted(pose: Pose): Pose {
  return { ...pose, ...BACK_ABOVE };
}

export function stepped(pose: Pose, forwardM: number, rightM: number): Pose {
  const { right } = axes(pose);
  const [east, north] = [-right[1], right[0]];
  return moved(pose, east * forwardM + right[0] * rightM, north * forwardM + right[1] * rightM);
}

export function looked(pose: Pose, headingDeg: number, pitchDeg: number): Pose {
  return {
    ...pose,
    heading: (((pose.heading + headingDeg) % 360) + 360) % 360,
    pitch: Math.min(STEEPEST_DEG, Math.max(-STEEPEST_DEG, pose.pitch + pitchDeg)),
  };
}

/** The ground under a pixel in metres east and north of the eye, or null at the horizon and above. */
export function groundSeen(pose: Pose, size: Size, x: number, y: number): readonly [number, number] | null {
  const { direction, right, up } = axes(pose);
  const perPixel = (2 * Math.tan((WALKING_FIELD_DEG * Math.PI) / 360)) / Math.max(size.width, size.height);
  const a = (x - size.width / 2) * perPixel;
  const b = (size.height / 2 - y) * perPixel;
  const [east, north, rise] = [0, 1, 2].map(
    (n) => (direction[n] ?? 0) + (right[n] ?? 0) * a + (up[n] ?? 0) * b,
  ) as [number, number, number];
  if (rise > -1e-3) return null;
  const t = -EYE_ABOVE_GROUND_M / rise;
  return [east * t, north * t];
}

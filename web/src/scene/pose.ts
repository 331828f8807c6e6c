/**
 * A pose: where the camera looks, and the arithmetic between the screen and the ground.
 *
 * Local axes are east, north, up in metres with the target as origin; the ground is the plane up = 0.
 * Over the few kilometres of a screen the earth counts as flat.
 */

export interface Pose {
  /** The point looked at, in degrees. */
  readonly lon: number;
  readonly lat: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** Degrees; 0 is level, -90 straight down. */
  readonly pitch: number;
  /** Metres from the camera to the point. */
  readonly distance: number;
}

/** Pixels at the edges of the map that are covered by panels. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Vector = readonly [number, number, number];

export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

/** A long lens: calmer than the usual 60 degrees. Along the longer side of the map. */
export const FIELD_OF_VIEW_DEG = 32;

export const LIMITS = { minPitch: -89.5, maxPitch: -10, minDistance: 60, maxDistance: 8_000 } as const;
/** Above the street: the eye rests on the houses, not on the pavement. */
export const EYE_M = 4;
/** From below the street one may look up at it. */
export const MAX_PITCH_BELOW = 60;

const METRES_PER_DEGREE = 111_319.49;
const TANGENT = Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360);
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The camera's own axes. */
export function axes(pose: Pose): { direction: Vector; right: Vector; up: Vector } {
  const h = radians(pose.heading);
  const p = radians(pose.pitch);
  const direction: Vector = [Math.sin(h) * Math.cos(p), Math.cos(h) * Math.cos(p), Math.sin(p)];
  const right: Vector = [Math.cos(h), -Math.sin(h), 0];
  const up: Vector = [-Math.sin(h) * Math.sin(p), -Math.cos(h) * Math.sin(p), Math.cos(p)];
  return { direction, right, up };
}

/** The direction of the ray through a pixel; its part along the view direction is 1. */
export function rayThrough(pose: Pose, size: Size, x: number, y: number): Vector {
  const { direction, right, up } = axes(pose);
  const perPixel = (2 * TANGENT) / Math.max(size.width, size.height);
  const a = (x - size.width / 2) * perPixel;
  const b = (size.height / 2 - y) * perPixel;
  return [
    direction[0] + right[0] * a + up[0] * b,
    direction[1] + right[1] * a + up[1] * b,
    direction[2] + right[2] * a + up[2] * b,
  ];
}

/** The middle of the part of the map that no panel covers. */
export function freeCentre(size: Size, insets: Insets): readonly [number, number] {
  return [
    insets.left + Math.max(0, size.width - insets.left - insets.right) / 2,
    insets.top + Math.max(0, size.height - insets.top - insets.bottom) / 2,
  ];
}

/** Where the camera stands, in metres from the target, so that the target is in the free middle. */
export function cameraOffset(pose: Pose, size: Size, insets: Insets): Vector {
  const ray = rayThrough(pose, size, ...freeCentre(size, insets));
  return [-ray[0] * pose.distance, -ray[1] * pose.distance, -ray[2] * pose.distance];
}

/**
 * The ground under a pixel in metres east and north of the target, or null beyond the horizon. From below,
 * the ground is overhead.
 */
export function groundUnder(
  pose: Pose,
  size: Size,
  insets: Insets,
  x: number,
  y: number,
): readonly [number, number] | null {
  const camera = cameraOffset(pose, size, insets);
  const ray = rayThrough(pose, size, x, y);
  const t = -camera[2] / ray[2];
  if (Math.abs(ray[2]) < 1e-3 || t <= 0) return null;
  return [camera[0] + ray[0] * t, camera[1] + ray[1] * t];
}

/**
 * The same camera for other panels: the pose that looks at what is now in the free middle.
 * A ray above the horizon has no ground, and then the pose stays.
 */
export function reframed(pose: Pose, size: Size, from: Insets, to: Insets): Pose {
  const camera = cameraOffset(pose, size, from);
  const ray = rayThrough(pose, size, ...freeCentre(size, to));
  const t = -camera[2] / ray[2];
  if (Math.abs(ray[2]) < 1e-3 || t <= 0) return pose;
  return { ...moved(pose, camera[0] + ray[0] * t, camera[1] + ray[1] * t), distance: t };
}

/** The pixel that shows a point, so many metres above the target, or null behind the camera. */
export function pixelOf(
  pose: Pose,
  size: Size,
  insets: Insets,
  lon: number,
  lat: number,
  aboveM = 0,
): readonly [number, number] | null {
  const camera = cameraOffset(pose, size, insets);
  const [east, north] = metresTo(pose, lon, lat);
  const to: Vector = [east - camera[0], north - camera[1], aboveM - camera[2]];
  const { direction, right, up } = axes(pose);
  const along = (axis: Vector) => to[0] * axis[0] + to[1] * axis[1] + to[2] * axis[2];
  const depth = along(direction);
  if (depth <= 0) return null;
  const perPixel = (2 * TANGENT * depth) / Math.max(size.width, size.height);
  return [size.width / 2 + along(right) / perPixel, size.height / 2 - along(up) / perPixel];
}

export function moved(pose: Pose, east: number, north: number): Pose {
  return {
    ...pose,
    lon: pose.lon + east / (METRES_PER_DEGREE * Math.cos(radians(pose.lat))),
    lat: pose.lat + north / METRES_PER_DEGREE,
  };
}

/** Metres east and north from the pose's target to a point. */
export function metresTo(pose: Pose, lon: number, lat: number): readonly [number, number] {
  return [
    (lon - pose.lon) * METRES_PER_DEGREE * Math.cos(radians(pose.lat)),
    (lat - pose.lat) * METRES_PER_DEGREE,
  ];
}

/** Nearer (factor < 1) or further away, with the ground under the pixel staying where it is. */
export function zoomed(pose: Pose, factor: number, ground: readonly [number, number] | null = null): Pose {
  const distance = clamp(pose.distance * factor, LIMITS.minDistance, LIMITS.maxDistance);
  const real = distance / pose.distance;
  const [east, north] = ground ?? [0, 0];
  return { ...moved(pose, east * (1 - real), north * (1 - real)), distance };
}

export function turned(
  pose: Pose,
  headingDeg: number,
  pitchDeg: number,
  maxPitch: number = LIMITS.maxPitch,
): Pose {
  return {
    ...pose,
    heading: (((pose.heading + headingDeg) % 360) + 360) % 360,
    pitch: clamp(pose.pitch + pitchDeg, LIMITS.minPitch, maxPitch),
  };
}

/** Metres on the ground per pixel at the target. */
export function metresPerPixel(pose: Pose, size: Size): number {
  return (2 * TANGENT * pose.distance) / Math.max(1, size.width, size.height);
}

/** The distance at which a pixel at the target covers so many metres. */
export function distanceFor(metresPerPixel: number, size: Size): number {
  return (metresPerPixel * Math.max(1, size.width, size.height)) / (2 * TANGENT);
}

/** A pose on the way from one to another, `t` from 0 to 1; a far flight rises on the way. */
export function between(from: Pose, to: Pose, t: number): Pose {
  const k = t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2;
  const turn = ((((to.heading - from.heading) % 360) + 540) % 360) - 180;
  const [east, north] = metresTo(from, to.lon, to.lat);
  const rise = Math.min(2, Math.hypot(east, north) / Math.max(from.distance, to.distance) / 2);
  return {
    lon: from.lon + (to.lon - from.lon) * k,
    lat: from.lat + (to.lat - from.lat) * k,
    heading: (((from.heading + turn * k) % 360) + 360) % 360,
    pitch: from.pitch + (to.pitch - from.pitch) * k,
    distance: (from.distance + (to.distance - from.distance) * k) * (1 + rise * Math.sin(Math.PI * k) * 0.5),
  };
}

export function samePose(a: Pose, b: Pose): boolean {
  return (
    Math.abs(a.lon - b.lon) < 1e-6 &&
    Math.abs(a.lat - b.lat) < 1e-6 &&
    Math.abs(a.heading - b.heading) < 0.05 &&
    Math.abs(a.pitch - b.pitch) < 0.05 &&
    Math.abs(a.distance - b.distance) < 0.5
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

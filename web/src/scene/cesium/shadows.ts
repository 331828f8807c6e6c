/** Soft, light shadows without stripes on the walls. */

import type { Scene } from "@cesium/engine";

/** The engine's own bias stripes every wall at our distances, and there is no public way to change it. */
interface ShadowBias {
  depthBias: number;
  normalOffsetScale: number;
  polygonOffsetFactor: number;
  polygonOffsetUnits: number;
}

const FURTHEST_M = 2000;
const NEAREST_M = 300;

/** As far as the picture reaches, seen from so many metres: what is nearer is then sharper. */
export function setShadows(scene: Scene, on: boolean, distance = FURTHEST_M): void {
  const map = scene.shadowMap;
  if (map.enabled !== on) map.enabled = on;
  if (!on) return;
  map.softShadows = true;
  map.size = 2048;
  map.darkness = 0.74;
  map.maximumDistance = Math.min(FURTHEST_M, Math.max(NEAREST_M, distance * 2.2));
  map.fadingEnabled = false;
  map.normalOffset = true;
  const bias = (map as unknown as { _primitiveBias?: ShadowBias })._primitiveBias;
  if (bias === undefined) return;
  Object.assign(bias, {
    depthBias: 2e-4,
    normalOffsetScale: 0.6,
    polygonOffsetFactor: 2.2,
    polygonOffsetUnits: 8,
  } satisfies ShadowBias);
}

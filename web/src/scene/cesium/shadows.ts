/** Soft, light shadows without stripes on the walls. */

import type { Scene } from "@cesium/engine";

/** The engine's own bias stripes every wall at our distances, and there is no public way to change it. */
interface ShadowBias {
  depthBias: number;
  normalOffsetScale: number;
  polygonOffsetFactor: number;
  polygonOffsetUnits: number;
}

export function setShadows(scene: Scene, on: boolean): void {
  const map = scene.shadowMap;
  map.enabled = on;
  if (!on) return;
  map.softShadows = true;
  map.size = 2048;
  map.darkness = 0.74;
  map.maximumDistance = 2000;
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

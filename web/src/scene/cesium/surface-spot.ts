/** The place and height of what is drawn under a pixel. */

import { Cartesian2, Cartographic, Math as Degrees, type Scene } from "@cesium/engine";
import type { ScreenPoint, Spot } from "../engine";

/** Null where nothing was drawn, or where one sees through it. `geoidM` is NAP zero above the ellipsoid. */
export function spotOnSurface(scene: Scene, at: ScreenPoint, geoidM: number): Spot | null {
  if (!scene.pickPositionSupported) return null;
  const found = scene.pickPosition(new Cartesian2(at.x, at.y));
  if (found === undefined) return null;
  const place = Cartographic.fromCartesian(found);
  if (place === undefined || !Number.isFinite(place.height)) return null;
  return {
    lon: Degrees.toDegrees(place.longitude),
    lat: Degrees.toDegrees(place.latitude),
    napM: place.height - geoidM,
  };
}

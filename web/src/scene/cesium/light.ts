/** One warm light, a cool sky and a warm bounce from the ground: no clock, no night. */

import {
  Cartesian2,
  Cartesian3,
  type Cesium3DTileset,
  Color,
  DirectionalLight,
  Matrix4,
  type Scene,
  Transforms,
} from "@cesium/engine";
import type { SunPosition } from "../../sun/position";

/** The light of the map: from west-south-west, fixed in the world. */
export const MAP_LIGHT: SunPosition = { azimuthDeg: 262, heightDeg: 40 };
const SKY = new Cartesian3(0.66, 0.68, 0.71);
const GROUND = new Cartesian3(0.58, 0.555, 0.52);

/** Light from there, as seen from the twin's origin. The colours are the same for every sun. */
export function lightScene(scene: Scene, origin: Cartesian3, from: SunPosition): void {
  const azimuth = (from.azimuthDeg * Math.PI) / 180;
  const height = (from.heightDeg * Math.PI) / 180;
  const local = new Cartesian3(
    -Math.sin(azimuth) * Math.cos(height),
    -Math.cos(azimuth) * Math.cos(height),
    -Math.sin(height),
  );
  const frame = Transforms.eastNorthUpToFixedFrame(origin);
  const direction = Cartesian3.normalize(
    Matrix4.multiplyByPointAsVector(frame, local, new Cartesian3()),
    new Cartesian3(),
  );
  scene.light = new DirectionalLight({
    direction,
    color: Color.fromCssColorString("#fff6e6"),
    intensity: 2.25,
  });
}

/** Nine spherical harmonics of which two count; the vertical axis is index 1, not 2. */
export function lightTileset(tileset: Cesium3DTileset): void {
  const coefficients = Array.from({ length: 9 }, () => new Cartesian3());
  coefficients[0] = half(Cartesian3.add(SKY, GROUND, new Cartesian3()));
  coefficients[1] = half(Cartesian3.subtract(SKY, GROUND, new Cartesian3()));
  tileset.environmentMapManager.enabled = false;
  tileset.imageBasedLighting.sphericalHarmonicCoefficients = coefficients;
  tileset.imageBasedLighting.imageBasedLightingFactor = new Cartesian2(1, 0);
}

function half(value: Cartesian3): Cartesian3 {
  return Cartesian3.multiplyByScalar(value, 0.5, value);
}

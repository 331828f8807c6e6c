/** Metres east, north and up of a place, and the earth-centred coordinates between (WGS 84 ellipsoid). */

import type { Triple } from "./own-layer";

const A = 6_378_137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const RADIANS = Math.PI / 180;

/** Earth-centred, earth-fixed metres (EPSG:4978) of degrees and metres above the ellipsoid. */
export function earthCentred(lon: number, lat: number, heightM: number): Triple {
  const [sinLat, cosLat] = [Math.sin(lat * RADIANS), Math.cos(lat * RADIANS)];
  const n = A / Math.sqrt(1 - E2 * sinLat * sinLat);
  const flat = (n + heightM) * cosLat;
  return [flat * Math.cos(lon * RADIANS), flat * Math.sin(lon * RADIANS), (n * (1 - E2) + heightM) * sinLat];
}

/** Longitude, latitude and height of earth-centred metres; B.R. Bowring 1976, to a millimetre near the ground. */
export function geodetic([x, y, z]: Triple): Triple {
  const b = A * (1 - F);
  const flat = Math.hypot(x, y);
  const angle = Math.atan2(z * A, flat * b);
  const second = (A * A - b * b) / (b * b);
  const lat = Math.atan2(z + second * b * Math.sin(angle) ** 3, flat - E2 * A * Math.cos(angle) ** 3);
  const n = A / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
  return [Math.atan2(y, x) / RADIANS, lat / RADIANS, flat / Math.cos(lat) - n];
}

/**
 * East, north, up at a place. NAP heights may be given as if they were ellipsoidal, for place and origin
 * alike: the 43 m between them changes a kilometre by 7 mm.
 */
export class LocalFrame {
  private readonly centre: Triple;
  private readonly sinLon: number;
  private readonly cosLon: number;
  private readonly sinLat: number;
  private readonly cosLat: number;

  constructor(lon: number, lat: number, heightM: number) {
    this.centre = earthCentred(lon, lat, heightM);
    this.sinLon = Math.sin(lon * RADIANS);
    this.cosLon = Math.cos(lon * RADIANS);
    this.sinLat = Math.sin(lat * RADIANS);
    this.cosLat = Math.cos(lat * RADIANS);
  }

  local(lon: number, lat: number, heightM: number): Triple {
    const [x, y, z] = earthCentred(lon, lat, heightM);
    const [dx, dy, dz] = [x - this.centre[0], y - this.centre[1], z - this.centre[2]];
    const away = this.cosLon * dx + this.sinLon * dy;
    return [
      this.cosLon * dy - this.sinLon * dx,
      this.cosLat * dz - this.sinLat * away,
      this.cosLat * away + this.sinLat * dz,
    ];
  }
}

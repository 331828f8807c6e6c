/**
 * Where the sun stands. After J. Meeus, Astronomical Algorithms (2nd edition, 1998), chapters 12, 22 and
 * 25 (low accuracy), as in the solar calculator of NOAA's Global Monitoring Laboratory: within 0.01
 * degrees from 1950 to 2050.
 */

export interface SunPosition {
  /** Degrees clockwise from north. */
  readonly azimuthDeg: number;
  /** Degrees above the horizon of the middle of the sun, without refraction; below it is negative. */
  readonly heightDeg: number;
}

const DAY_MS = 86_400_000;
/** 1 January 2000, noon. */
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
const degrees = (angle: number) => (angle * 180) / Math.PI;
const whole = (angle: number) => ((angle % 360) + 360) % 360;

/** Seen from a place in degrees. */
export function sunAt(when: Date, lon: number, lat: number): SunPosition {
  const { rightAscensionDeg, declinationDeg } = sunOnSky(when);
  const hour = whole(siderealDeg(when) + lon - rightAscensionDeg);
  const height = sine(lat) * sine(declinationDeg) + cosine(lat) * cosine(declinationDeg) * cosine(hour);
  const south = Math.atan2(
    sine(hour),
    cosine(hour) * sine(lat) - (sine(declinationDeg) / cosine(declinationDeg)) * cosine(lat),
  );
  return {
    azimuthDeg: whole(degrees(south) + 180),
    heightDeg: degrees(Math.asin(Math.min(1, Math.max(-1, height)))),
  };
}

/** Apparent right ascension and declination (chapter 25). */
export function sunOnSky(when: Date): { rightAscensionDeg: number; declinationDeg: number } {
  const t = centuries(when);
  const meanLongitude = 280.46646 + t * (36_000.76983 + t * 0.0003032);
  const anomaly = 357.52911 + t * (35_999.05029 - t * 0.0001537);
  const centre =
    (1.914602 - t * (0.004817 + t * 0.000014)) * sine(anomaly) +
    (0.019993 - t * 0.000101) * sine(2 * anomaly) +
    0.000289 * sine(3 * anomaly);
  const node = 125.04 - 1934.136 * t;
  const longitude = meanLongitude + centre - 0.00569 - 0.00478 * sine(node);
  const tilt = 23.4392911 - t * (0.0130042 + t * (1.6e-7 - t * 5.04e-7)) + 0.00256 * cosine(node);
  return {
    rightAscensionDeg: whole(degrees(Math.atan2(cosine(tilt) * sine(longitude), cosine(longitude)))),
    declinationDeg: degrees(Math.asin(sine(tilt) * sine(longitude))),
  };
}

/** Mean sidereal time at Greenwich (chapter 12). */
function siderealDeg(when: Date): number {
  const t = centuries(when);
  return 280.46061837 + (360.98564736629 * (when.getTime() - J2000_MS)) / DAY_MS + t * t * 0.000387933;
}

function centuries(when: Date): number {
  return (when.getTime() - J2000_MS) / (DAY_MS * 36_525);
}

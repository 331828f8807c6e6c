import { describe, expect, test } from "vitest";
import { civilTime, clockText, momentOf } from "../src/sun/civil-time";
import { firstSun, isDay, onDate, sunDay, sunOf, windOf } from "../src/sun/day";
import { sunAt, sunOnSky } from "../src/sun/position";

/** Where the table of the KNMI counts for. */
const MIDDLE = { lon: 5, lat: 52 };

describe("the sun against what others have published", () => {
  test("Meeus, example 25.a: 13 October 1992, 0h TD", () => {
    const { rightAscensionDeg, declinationDeg } = sunOnSky(new Date("1992-10-13T00:00:00Z"));
    expect(rightAscensionDeg).toBeCloseTo(198.38083, 2);
    expect(declinationDeg).toBeCloseTo(-7.78507, 2);
  });

  test("Reda and Andreas (NREL, 2003), the example of their appendix, refraction aside", () => {
    const { azimuthDeg, heightDeg } = sunAt(new Date("2003-10-17T19:30:30Z"), -105.1786, 39.742476);
    expect(Math.abs(azimuthDeg - 194.34024)).toBeLessThan(0.05);
    expect(Math.abs(heightDeg - (90 - 50.11162))).toBeLessThan(0.05);
  });

  // Sunrise in 2023 for 52° N, 5° E as the KNMI publishes it, before and after the clock change of 26 March.
  test.each([
    ["2023-02-04", "8:16"],
    ["2023-02-25", "7:35"],
    ["2023-03-11", "7:04"],
    ["2023-03-25", "6:32"],
    ["2023-04-01", "7:16"],
    ["2023-04-15", "6:44"],
    ["2023-04-29", "6:15"],
    ["2023-05-13", "5:50"],
  ])("on %s the sun comes up at %s", (date, at) => {
    expect(Math.abs(sunOf(`${date}T0${at}`, MIDDLE).heightDeg - -0.833)).toBeLessThan(0.2);
    const minute = Number(at.split(":")[0]) * 60 + Number(at.split(":")[1]);
    expect(Math.abs((sunDay(date, MIDDLE).rise ?? 0) - minute)).toBeLessThanOrEqual(1);
  });

  test.each([
    ["2026-03-20T14:46:00Z", 0],
    ["2026-06-21T08:25:00Z", 23.436],
    ["2026-09-23T00:05:00Z", 0],
    ["2026-12-21T20:50:00Z", -23.436],
  ])("a season begins at %s", (moment, declination) => {
    expect(Math.abs(sunOnSky(new Date(moment)).declinationDeg - declination)).toBeLessThan(0.02);
  });
});

describe("the clock of the Netherlands", () => {
  test.each([
    ["2026-01-15T12:00", "2026-01-15T11:00:00.000Z"],
    ["2026-06-21T15:00", "2026-06-21T13:00:00.000Z"],
    ["2026-03-29T01:59", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
  ])("%s is %s", (civil, moment) => {
    expect(momentOf(civil).toISOString()).toBe(moment);
    expect(civilTime(new Date(moment))).toBe(civil);
  });

  test("an hour that the clock skips counts on in winter time", () => {
    expect(civilTime(momentOf("2026-03-29T02:30"))).toBe("2026-03-29T03:30");
  });

  test("times are written as people do", () => {
    expect([clockText(318), clockText(318, 2), clockText(720)]).toEqual(["5:18", "05:18", "12:00"]);
  });
});

describe("a day with the sun", () => {
  test("the days of midsummer and midwinter are as long as one knows them", () => {
    const summer = sunDay("2026-06-21", { lon: 4.9, lat: 52.36 });
    const winter = sunDay("2026-12-21", { lon: 4.9, lat: 52.36 });
    expect((summer.set ?? 0) - (summer.rise ?? 0)).toBeGreaterThan(16.5 * 60);
    expect((winter.set ?? 0) - (winter.rise ?? 0)).toBeLessThan(8 * 60);
  });

  test("another date keeps the time, as far as the sun is up", () => {
    expect(onDate("2026-06-21T15:00", "2026-12-21", MIDDLE)).toBe("2026-12-21T15:00");
    const late = onDate("2026-06-21T21:30", "2026-12-21", MIDDLE);
    expect(late.startsWith("2026-12-21T16:")).toBe(true);
  });

  test("at night the sun of the map is that of the afternoon", () => {
    expect(firstSun(new Date("2026-06-21T22:30:00Z"), MIDDLE)).toBe("2026-06-22T15:00");
    expect(firstSun(new Date("2026-06-21T10:00:00Z"), MIDDLE)).toBe("2026-06-21T12:00");
    expect(isDay(sunOf("2026-12-21T20:00", MIDDLE))).toBe(false);
  });

  test("directions have names", () => {
    expect([0, 44, 90, 225, 350].map(windOf)).toEqual(["n", "ne", "e", "sw", "n"]);
  });
});

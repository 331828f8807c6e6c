import { expect, test } from "vitest";
import { crsNamed } from "../../src/own/coordinates";
import { earthCentred, geodetic, LocalFrame } from "../../src/own/frame";
import { lonLatOfRd } from "../../src/own/rd";
import { apart } from "./opening";

/** Name, RD x and y, longitude and latitude by tweestad/crs.py (RDNAPTRANS2018). */
const KNOWN: readonly (readonly [string, number, number, number, number])[] = [
  ["Amersfoort", 155000, 463000, 5.38720365, 52.15517289],
  ["Amsterdam", 120700.723, 487525.502, 4.88352219, 52.37453054],
  ["Groningen", 233883.131, 582065.167, 6.56819853, 53.21938206],
  ["Maastricht", 176500, 317800, 5.69247734, 50.8496324],
  ["Den Haag", 81300, 454900, 4.31210011, 52.07746624],
  ["Vlissingen", 30000, 385500, 3.58905829, 51.44472098],
  ["Texel", 115500, 563000, 4.7981231, 53.05243042],
  ["Enschede", 257800, 471300, 6.89164565, 52.22018527],
  ["Delft", 84600, 447300, 4.36179682, 52.0095947],
  ["Lelystad", 160000, 502000, 5.46084699, 52.50566736],
  ["Sluis", 15500, 370500, 3.38650567, 51.30655688],
  ["Delfzijl", 258000, 594500, 6.93314453, 53.32698493],
];

test.each(KNOWN)("RD in %s is within a quarter of a metre of the official place", (_, x, y, lon, lat) => {
  expect(apart(lonLatOfRd(x, y), [lon, lat])).toBeLessThan(0.25);
});

test.each([
  ["EPSG:28992", "rd"],
  ["urn:ogc:def:crs:EPSG::28992", "rd"],
  ["https://www.opengis.net/def/crs/EPSG/0/7415", "rd"],
  ["urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709", "rd"],
  ["urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"],
  ["EPSG:4326", "wgs84"],
  ["http://www.opengis.net/def/crs/EPSG/0/4979", "wgs84"],
  ["EPSG:3857", null],
  ["urn:ogc:def:crs:EPSG::25831", null],
  ["328992", null],
  ["__proto__", null],
  ["", null],
])("the name %s means %s", (name, crs) => {
  expect(crsNamed(name)).toBe(crs);
});

test("earth-centred coordinates lead back to the same place", () => {
  const [lon, lat, heightM] = geodetic(earthCentred(4.9, 52.37, 43));
  expect(apart([lon, lat], [4.9, 52.37])).toBeLessThan(0.001);
  expect(heightM).toBeCloseTo(43, 3);
});

test("north of a place is north, east is east and up is up, in metres", () => {
  const frame = new LocalFrame(4.9, 52.37, 10);
  const north = frame.local(4.9, 52.371, 10);
  expect(north[0]).toBeCloseTo(0, 6);
  expect(north[1]).toBeCloseTo(111.27, 1);
  const east = frame.local(4.901, 52.37, 10);
  expect(east[0]).toBeCloseTo(68.1, 1);
  expect(frame.local(4.9, 52.37, 13)[2]).toBeCloseTo(3, 6);
});

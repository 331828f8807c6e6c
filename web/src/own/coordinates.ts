/** Which coordinates a file is in: what it says, and what its numbers can be. */

import type { Position } from "../api/shapes";
import { OwnError, quoted } from "./own-error";
import { lonLatOfRd } from "./rd";
import type { Taking } from "./taking";

export type Crs = "rd" | "wgs84";

const RD_CODES = new Set([28992, 7415]);
/** WGS 84 and ETRS89, flat or with a height. They differ by less than a metre, and count as one. */
const DEGREE_CODES = new Set([4326, 4258, 4979, 4937]);
const CODE = /(?:EPSG[:/]{1,2}(?:[\w.]*[:/])?)?(\d{4,6})$/i;

/** RD or WGS 84 when that is what a name such as "urn:ogc:def:crs:EPSG::28992" means; else null. */
export function crsNamed(name: string): Crs | null {
  if (/CRS84h?$/i.test(name)) return "wgs84";
  if (/EPSG:[\w.]*:28992.*5709$/i.test(name) || /^EPSG:28992\+5709$/i.test(name)) return "rd";
  const code = Number(CODE.exec(name)?.[1]);
  if (RD_CODES.has(code)) return "rd";
  return DEGREE_CODES.has(code) ? "wgs84" : null;
}

export function isRd(x: number, y: number): boolean {
  return x >= -7_000 && x <= 300_000 && y >= 289_000 && y <= 629_000;
}

export function isDegrees(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function isNetherlandsTurned(lat: number, lon: number): boolean {
  return lat >= 50.5 && lat <= 53.8 && lon >= 3.1 && lon <= 7.4;
}

/** Counts what the positions of a file can be. RD and degrees exclude each other. */
export class Evidence {
  private all = 0;
  private rd = 0;
  private rdTurned = 0;
  private degrees = 0;
  private turned = 0;
  private first: Position = [];

  constructor(private readonly swapped: boolean) {}

  readonly see = (position: Position): void => {
    const [x, y] = this.swapped ? [position[1] ?? 0, position[0] ?? 0] : [position[0] ?? 0, position[1] ?? 0];
    if (this.all === 0) this.first = [x, y];
    this.all += 1;
    if (isRd(x, y)) this.rd += 1;
    else if (isRd(y, x)) this.rdTurned += 1;
    else if (isDegrees(x, y)) this.degrees += 1;
    if (isNetherlandsTurned(x, y)) this.turned += 1;
  };

  /**
   * What most of the positions are. `declared` is what the file says; numbers that cannot be degrees are
   * taken as RD all the same, and that is noted. Exchanged degrees are noted and left as they are.
   */
  decide(declared: Crs | null, taking: Taking): Crs {
    if (this.swapped) taking.note("was-swapped");
    const half = this.all / 2;
    if (this.rd > half) {
      if (declared !== "rd") taking.note("taken-as-rd");
      taking.note("rd-accuracy");
      return "rd";
    }
    if (this.rdTurned > half) throw new OwnError("rd-swapped");
    if (this.degrees <= half || declared === "rd") throw new OwnError("coordinates", this.example());
    if (this.turned > half) taking.note("swapped");
    return "wgs84";
  }

  private example(): { x: string; y: string } {
    return { x: quoted(this.first[0]), y: quoted(this.first[1]) };
  }
}

/** Turns a position of the file into longitude and latitude; null for what lies outside its system. */
export function placer(crs: Crs, swapped: boolean): (position: Position) => [number, number] | null {
  return (position) => {
    const [first = Number.NaN, second = Number.NaN] = position;
    const [x, y] = swapped ? [second, first] : [first, second];
    if (crs === "wgs84") return isDegrees(x, y) ? [x, y] : null;
    return isRd(x, y) ? lonLatOfRd(x, y) : null;
  };
}

/** The light of the scene: that of the map, or the sun of a date and a time. */

import type { Cartesian3, Scene } from "@cesium/engine";
import { isDay, type Place, sunOf } from "../../sun/day";
import { lightScene, MAP_LIGHT } from "./light";

export class Sunlight {
  private sun: string | null = null;
  /** Whether a visitor asked for this sun and it is up: then there are shadows to draw. */
  asked = false;

  constructor(
    private readonly scene: Scene,
    private readonly origin: Cartesian3,
    private readonly place: Place,
  ) {
    this.light(null);
  }

  /** At night the light of the map stays: a black city shows nothing. Returns whether it changed. */
  follow(sun: string | null): boolean {
    if (sun === this.sun) return false;
    this.sun = sun;
    this.light(sun);
    return true;
  }

  private light(sun: string | null): void {
    const position = sun === null ? null : sunOf(sun, this.place);
    this.asked = position !== null && isDay(position);
    lightScene(this.scene, this.origin, this.asked && position !== null ? position : MAP_LIGHT);
  }
}

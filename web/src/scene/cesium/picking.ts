/** What and where a pixel of the scene is. */

import { Cartesian2, type Cesium3DTileset, type Scene } from "@cesium/engine";
import type { Picked, ScreenPoint, Spot } from "../engine";
import { metresPerPixel, moved, type Size } from "../pose";
import type { CameraRig } from "./camera-rig";
import type { CityTilesets } from "./city-tilesets";
import { spotOnSurface } from "./surface-spot";

const PICK_PIXELS = 8;

export class Picking {
  constructor(
    private readonly scene: Scene,
    private readonly rig: CameraRig,
    private readonly tilesets: CityTilesets,
    private readonly size: () => Size,
    private readonly geoidM: number,
  ) {}

  pick(point: ScreenPoint): Picked | null {
    const object = this.objectOf(this.scene.pick(new Cartesian2(point.x, point.y)));
    if (object !== null) return object;
    const ground = this.rig.ground(point);
    if (ground === null) return null;
    const at = moved(this.rig.pose, ...ground);
    // In the street a pixel covers more ground the further away it lies.
    const away = this.rig.walking ? Math.max(1, Math.hypot(...ground)) : this.rig.pose.distance;
    const perPixel = metresPerPixel({ ...this.rig.pose, distance: away }, this.size());
    return { kind: "place", lon: at.lon, lat: at.lat, radiusM: perPixel * PICK_PIXELS };
  }

  /**
   * On the roof, the wall or the ground that is drawn there, from the depth of the picture. Measured on 120
   * points of Amsterdam against the drawn triangles: half within 2 mm from 400 m, 6 mm from 1,200 m, nine of
   * ten within 7 cm from 400 m; on an edge either side may be meant. Where one sees through the ground, the
   * street in general is meant.
   */
  spot(point: ScreenPoint, seeThrough: boolean): Spot | null {
    const drawn = seeThrough ? null : spotOnSurface(this.scene, point, this.geoidM);
    if (drawn !== null) return drawn;
    const ground = this.rig.ground(point);
    if (ground === null) return null;
    const at = moved(this.rig.pose, ...ground);
    return { lon: at.lon, lat: at.lat, napM: null };
  }

  private objectOf(found: unknown): Picked | null {
    if (typeof found !== "object" || found === null || !("getProperty" in found)) return null;
    const feature = found as { getProperty(name: string): unknown; tileset?: Cesium3DTileset };
    const id = feature.getProperty("id");
    const entry = this.tilesets.entryOf(feature.tileset);
    if (typeof id !== "string" || id === "" || entry?.layer == null) return null;
    return { kind: "object", layer: entry.layer, id };
  }
}

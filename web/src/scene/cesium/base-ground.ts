/** The ground of the scene in the inks of another base map than paper. */

import { Cesium3DTileColorBlendMode, Cesium3DTileStyle, type Cesium3DTileset } from "@cesium/engine";
import type { TilesetRole } from "../../api/shapes";
import { CITY, CONTRAST } from "../../drawing/palette";

type Inks = Readonly<Partial<Record<TilesetRole, string>>>;

/** What is not named keeps its own colour. */
const STRONG: Inks = {
  land: CONTRAST.land,
  street: CONTRAST.street,
  path: CONTRAST.path,
  park: CONTRAST.park,
  water: CONTRAST.water,
  quay: CONTRAST.waterEdge,
  creases: CONTRAST.edge,
};
/** Streets and parks become land: their ground is cut out of it, so it cannot be left away. */
const PLAIN: Inks = { street: CITY.land, path: CITY.land, park: CITY.land };

/** A map from elsewhere is not shown in the scene; the panel says so. */
const INKS: Readonly<Record<string, Inks>> = { contrast: STRONG, plain: PLAIN };

export function inkGround(tileset: Cesium3DTileset, role: TilesetRole, base: string, opacity: number): void {
  const ink = Object.hasOwn(INKS, base) ? INKS[base]?.[role] : undefined;
  if (ink === undefined) return;
  tileset.colorBlendMode = Cesium3DTileColorBlendMode.REPLACE;
  tileset.style = new Cesium3DTileStyle({ color: `color('${ink}', ${opacity})` });
}

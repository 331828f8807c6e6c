/** A map from elsewhere below the layers; nothing is asked of its host before someone chooses it. */

import L from "leaflet";
import type { BaseMap } from "../../api/shapes";

const DEEPEST_ZOOM = 19;

export class BaseTiles {
  private layer: L.TileLayer | null = null;
  private shown = "";

  constructor(
    private readonly map: L.Map,
    private readonly bases: readonly BaseMap[],
  ) {}

  show(base: string): void {
    if (base === this.shown) return;
    this.shown = base;
    this.layer?.remove();
    this.layer = null;
    const found = this.bases.find((one) => one.id === base);
    if (found === undefined) return;
    this.layer = L.tileLayer(found.url, {
      maxNativeZoom: DEEPEST_ZOOM,
      maxZoom: this.map.getMaxZoom(),
      zIndex: 0,
      className: "base-tiles",
      referrerPolicy: "strict-origin-when-cross-origin",
    });
    this.layer.addTo(this.map).bringToBack();
  }
}

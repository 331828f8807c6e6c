/** A visitor's own files on the flat map. */

import L from "leaflet";
import { ownFeatures } from "../../drawing/own-shapes";
import { SELECTED } from "../../drawing/palette";
import type { OwnShown } from "../../state/own-files";

const CASING = "#ffffff";

export class OwnLayers {
  private readonly drawn = new Map<OwnShown, L.GeoJSON>();
  /** Thousands of shapes as elements would hold up the page. */
  private readonly canvas = L.canvas({ padding: 0.2 });

  constructor(private readonly map: L.Map) {}

  set(files: readonly OwnShown[]): void {
    for (const [file, layer] of this.drawn) {
      if (files.includes(file)) continue;
      layer.remove();
      this.drawn.delete(file);
    }
    for (const file of files) {
      if (!this.drawn.has(file)) this.drawn.set(file, this.draw(file));
    }
  }

  private draw(file: OwnShown): L.GeoJSON {
    const features = ownFeatures(file).flatMap(({ geometry }, index) =>
      geometry === null
        ? []
        : [{ type: "Feature", geometry, properties: { index } } as unknown as GeoJSON.Feature],
    );
    const chosen = (feature: GeoJSON.Feature | undefined) =>
      file.chosen !== null && feature?.properties?.index === file.chosen;
    const style = (feature: GeoJSON.Feature | undefined): L.PathOptions => {
      const colour = chosen(feature) ? SELECTED : file.colour;
      if (feature?.geometry.type.endsWith("Point"))
        return { color: CASING, weight: 2, fillColor: colour, fillOpacity: 1 };
      return { color: colour, weight: chosen(feature) ? 4 : 2.5, fillColor: colour, fillOpacity: 0.3 };
    };
    const options: L.GeoJSONOptions = {
      interactive: false,
      style,
      pointToLayer: (feature, at) =>
        L.circleMarker(at, { renderer: this.canvas, radius: chosen(feature) ? 9 : 6, interactive: false }),
    };
    // The types leave the renderer out; Leaflet hands it on to each path.
    return L.geoJSON(
      { type: "FeatureCollection", features } as GeoJSON.FeatureCollection,
      {
        ...options,
        renderer: this.canvas,
      } as L.GeoJSONOptions,
    ).addTo(this.map);
  }
}

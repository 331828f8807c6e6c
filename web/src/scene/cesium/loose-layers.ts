/** The layers without tiles: asked for once, drawn together, borders last. */

import type { Scene } from "@cesium/engine";
import type { Feature, Layer } from "../../api/shapes";
import { isLoose, tooManyShapes } from "../../drawing/in-scene";
import { isShown } from "../../drawing/known";
import { colourOf } from "../../drawing/legend";
import { CITY } from "../../drawing/palette";
import { isPlanned } from "../../drawing/planned";
import { type City, PLAIN, type Side } from "../engine";
import { type DataLayer, DataShapes } from "./data-shapes";
import { GroundShapes } from "./ground-shapes";

const PLAN_FILL = 0.25;

export class LooseLayers {
  private readonly data: DataShapes;
  private readonly boundaries: GroundShapes;
  private readonly plans: GroundShapes;
  private turn = 0;

  constructor(
    private readonly scene: Scene,
    private readonly city: City,
    groundM: number,
  ) {
    this.data = new DataShapes(scene, groundM, city.scene.terrain !== undefined);
    this.boundaries = new GroundShapes(scene, groundM);
    this.plans = new GroundShapes(scene, groundM);
  }

  /** `hasTiles`: the layer is drawn from its own tiles. */
  show(side: Side, hasTiles: (layer: string) => boolean): void {
    this.load(side, hasTiles).catch((error: unknown) =>
      console.warn("layers without tiles are not drawn", error),
    );
  }

  private async load(side: Side, hasTiles: (layer: string) => boolean): Promise<void> {
    const layers = this.city.layers.filter(
      (layer) => side.layers.has(layer.id) && isLoose(layer) && !tooManyShapes(layer) && !hasTiles(layer.id),
    );
    const turn = ++this.turn;
    const all = await Promise.all(layers.map((layer) => this.city.features(layer.id)));
    // A layer may have been switched off while its shapes were on their way.
    if (this.scene.isDestroyed() || turn !== this.turn) return;
    const kept = layers.map((layer, n) => {
      const where = side.looks.get(layer.id)?.where ?? [];
      return (all[n] ?? []).filter((feature) => isShown(layer, where, feature.properties));
    });
    this.data.set(layers.map((layer, n) => dataLayer(side, layer, kept[n] ?? [])));
    const areas = (planned: boolean) =>
      layers
        .flatMap((layer, n) =>
          layer.kind === "areas" && isPlanned(layer) === planned ? (kept[n] ?? []) : [],
        )
        .flatMap(({ geometry }) => (geometry === null ? [] : [geometry]));
    this.boundaries.set(areas(false), { line: CITY.boundary, width: 2, dashed: true, fill: 0 });
    this.plans.set(areas(true), { line: CITY.plan, width: 3, dashed: true, fill: PLAN_FILL });
  }
}

function dataLayer(side: Side, layer: Layer, features: readonly Feature[]): DataLayer {
  const { column, classes, opacity } = side.looks.get(layer.id) ?? PLAIN;
  const filled = classes.length > 0;
  const colour = (feature: Feature) => (filled ? colourOf(feature.properties[column], classes) : CITY.line);
  return { features, filled, opacity, colourOf: colour };
}

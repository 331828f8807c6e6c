/** Names in the scene: at most a handful at a time, none across another. */

import {
  Cartesian2,
  Cartesian3,
  Color,
  HorizontalOrigin,
  type Label,
  LabelCollection,
  LabelStyle,
  type Scene,
  SceneTransforms,
  VerticalOrigin,
} from "@cesium/engine";
import type { MapLabel } from "../../api/shapes";
import { LABEL } from "../../drawing/palette";
import { type Box, collides, labelBox } from "../label-boxes";
import type { Size } from "../pose";

const MOST = 15;
const HALO_WIDTH = 7;

const FACES: Readonly<Record<MapLabel["kind"], { font: string; scale: number; height: number }>> = {
  street: { font: '400 32px "Source Sans 3"', scale: 0.42, height: 15 },
  water: { font: 'italic 400 32px "Source Sans 3"', scale: 0.44, height: 16 },
  area: { font: '600 32px "Source Sans 3"', scale: 0.62, height: 22 },
};

interface Placed {
  readonly from: MapLabel;
  readonly label: Label;
  readonly at: Cartesian3;
}

export class SceneLabels {
  private readonly placed: readonly Placed[];
  private visible: ReadonlySet<string> = new Set();

  constructor(
    private readonly scene: Scene,
    labels: readonly MapLabel[],
  ) {
    const collection = scene.primitives.add(new LabelCollection({ scene })) as LabelCollection;
    this.placed = [...labels].sort((a, b) => a.rank - b.rank).map((from) => place(collection, from));
  }

  setLayers(visible: ReadonlySet<string>): void {
    this.visible = visible;
  }

  /** Choose again which names are shown; for when the camera has come to rest. */
  arrange(size: Size, distance: number): void {
    const taken: Box[] = [];
    const camera = this.scene.camera.positionWC;
    for (const { from, label, at } of this.placed) {
      const far = Cartesian3.distance(camera, at) > distance * (from.kind === "street" ? 1.5 : 2.2);
      const wanted = from.layer === null || this.visible.has(from.layer);
      label.show = wanted && !far && taken.length < MOST && this.takesRoom(from, at, size, taken);
    }
  }

  private takesRoom(from: MapLabel, at: Cartesian3, size: Size, taken: Box[]): boolean {
    const window = SceneTransforms.worldToWindowCoordinates(this.scene, at, new Cartesian2());
    if (window === undefined) return false;
    const face = FACES[from.kind];
    const box = labelBox(window.x, window.y, from.text.length * face.height * 0.5, face.height);
    const inside = box.right > 0 && box.left < size.width && box.bottom > 0 && box.top < size.height;
    if (!inside || collides(box, taken, 10)) return false;
    taken.push(box);
    return true;
  }
}

function place(collection: LabelCollection, from: MapLabel): Placed {
  const at = Cartesian3.fromDegrees(from.lon, from.lat, from.heightM);
  const water = from.kind === "water";
  const label = collection.add({
    position: at,
    text: from.text,
    font: FACES[from.kind].font,
    scale: FACES[from.kind].scale,
    fillColor: Color.fromCssColorString(water ? LABEL.water : LABEL.ink),
    outlineColor: Color.fromCssColorString(water ? LABEL.waterHalo : LABEL.halo).withAlpha(0.95),
    outlineWidth: HALO_WIDTH,
    style: LabelStyle.FILL_AND_OUTLINE,
    horizontalOrigin: HorizontalOrigin.CENTER,
    verticalOrigin: VerticalOrigin.CENTER,
    show: false,
    // Street names hide behind houses, the name of a neighbourhood does not.
    disableDepthTestDistance: from.kind === "area" ? Number.POSITIVE_INFINITY : 0,
  });
  return { from, label, at };
}

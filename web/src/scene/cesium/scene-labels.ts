/** Names in the scene, along their street or canal: as on the flat map, at most a handful at a time. */

import {
  type Billboard,
  BillboardCollection,
  Cartesian2,
  Cartesian3,
  Matrix4,
  type Scene,
  SceneTransforms,
  Transforms,
} from "@cesium/engine";
import type { MapLabel } from "../../api/shapes";
import { fitting, isShown, LABEL_FACES, labelWidth, type Seen, upright } from "../label-choice";
import { writeLabel } from "../label-writing";
import type { Pose, Size } from "../pose";
import { isWalking } from "../walking";

/** Pixels of the picture of a name for one on the screen: sharp on every display. */
const SHARP = 2;
/** From afar the names of neighbourhoods say where one is; near by those of streets. */
const AREAS_FROM_M = 380;
const STREETS_UP_TO_M = 2600;
/** Nearer than this a name shows through houses, or none in a narrow street would be seen. */
const THROUGH_WITHIN_M = 900;
const WALKING_SIGHT_M = 160;
/** Metres along the street by which its direction on the screen is found. */
const ALONG_M = 10;

interface Placed {
  readonly label: MapLabel;
  readonly at: Cartesian3;
  /** The direction of the street, in the world. */
  readonly along: Cartesian3;
}

export class SceneLabels {
  private readonly placed: readonly Placed[];
  private readonly collection: BillboardCollection;
  /** Made when first shown: a city has many more names than a screen. */
  private readonly made = new Map<MapLabel, Billboard>();

  constructor(
    private readonly scene: Scene,
    labels: readonly MapLabel[],
  ) {
    this.collection = scene.primitives.add(new BillboardCollection({ scene })) as BillboardCollection;
    this.placed = labels.map(placed);
  }

  set show(show: boolean) {
    this.collection.show = show;
  }

  /** Choose again which names are shown; for when the camera has come to rest. */
  arrange(size: Size, pose: Pose, visible: ReadonlySet<string>): void {
    const far = isWalking(pose) ? WALKING_SIGHT_M : pose.distance;
    const order: MapLabel["kind"][] = far < AREAS_FROM_M ? ["water", "street"] : ["area", "water", "street"];
    if (far > STREETS_UP_TO_M) order.pop();
    const seen = new Map<MapLabel, { seen: Seen; placed: Placed; turned: boolean }>();
    for (const one of this.placed) {
      if (!isShown(one.label, visible)) continue;
      const found = this.seen(one, pose, far);
      if (found !== null) seen.set(one.label, { ...found, placed: one });
    }
    const shown = fitting(
      [...seen.values()].map((one) => one.seen),
      size,
      order,
      labelWidth,
    );
    for (const billboard of this.made.values()) billboard.show = false;
    for (const { label } of shown) {
      const one = seen.get(label);
      if (one !== undefined) this.write(one.placed, one.turned, pose);
    }
  }

  private seen(one: Placed, pose: Pose, far: number): { seen: Seen; turned: boolean } | null {
    const away = Cartesian3.distance(this.scene.camera.positionWC, one.at);
    if (away > (isWalking(pose) ? far : far * (one.label.kind === "street" ? 1.7 : 2.2))) return null;
    const middle = SceneTransforms.worldToWindowCoordinates(this.scene, one.at, new Cartesian2());
    if (middle === undefined) return null;
    const { label } = one;
    // In the street a name stands before one, upright: along it, it would run away from the eye.
    if (label.kind === "area" || isWalking(pose)) {
      return { seen: { label, x: middle.x, y: middle.y, angleDeg: 0 }, turned: false };
    }
    const ahead = Cartesian3.add(
      one.at,
      Cartesian3.multiplyByScalar(one.along, ALONG_M, new Cartesian3()),
      new Cartesian3(),
    );
    const next = SceneTransforms.worldToWindowCoordinates(this.scene, ahead, new Cartesian2());
    if (next === undefined) return null;
    const angle = (Math.atan2(middle.y - next.y, next.x - middle.x) * 180) / Math.PI;
    const straight = upright(angle);
    return {
      seen: { label, x: middle.x, y: middle.y, angleDeg: straight },
      turned: Math.abs(straight - angle) > 1,
    };
  }

  private write({ label, at, along }: Placed, turned: boolean, pose: Pose): void {
    let billboard = this.made.get(label);
    if (billboard === undefined) {
      billboard = this.collection.add({
        position: at,
        image: pictureOf(label),
        imageId: `${label.kind} ${label.text}`,
        scale: 1 / SHARP,
      } as Billboard.ConstructorOptions);
      this.made.set(label, billboard);
    }
    const level = label.kind === "area" || isWalking(pose);
    // The engine turns the upward side of a picture to this direction: a quarter further lies the text.
    billboard.alignedAxis = level ? Cartesian3.ZERO : along;
    billboard.rotation = level ? 0 : turned ? -Math.PI / 2 : Math.PI / 2;
    const through = label.kind === "area" || (!isWalking(pose) && pose.distance < THROUGH_WITHIN_M);
    billboard.disableDepthTestDistance = through ? Number.POSITIVE_INFINITY : 0;
    billboard.show = true;
  }
}

function placed(label: MapLabel): Placed {
  const at = Cartesian3.fromDegrees(label.lon, label.lat, label.heightM);
  const angle = (label.angleDeg * Math.PI) / 180;
  const frame = Transforms.eastNorthUpToFixedFrame(at);
  const along = Matrix4.multiplyByPointAsVector(
    frame,
    new Cartesian3(Math.cos(angle), Math.sin(angle), 0),
    new Cartesian3(),
  );
  return { label, at, along };
}

function pictureOf(label: MapLabel): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil((labelWidth(label) + 10) * SHARP);
  canvas.height = Math.ceil((LABEL_FACES[label.kind].height + 6) * SHARP);
  const context = canvas.getContext("2d");
  if (context !== null) {
    context.translate(canvas.width / 2, canvas.height / 2);
    context.scale(SHARP, SHARP);
    writeLabel(context, label);
  }
  return canvas;
}

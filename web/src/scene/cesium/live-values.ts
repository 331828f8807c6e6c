/** The values beside the symbols of a scene: near by only, and none across another. */

import {
  Cartesian2,
  type Cartesian3,
  Color,
  HorizontalOrigin,
  LabelCollection,
  LabelStyle,
  type Scene,
  VerticalOrigin,
} from "@cesium/engine";
import { SYMBOL_REACH, VALUE_HEIGHT } from "../../drawing/live-symbols";
import { LIVE } from "../../drawing/palette";
import type { ScreenPoint } from "../engine";
import { type Box, collides } from "../label-boxes";
import type { LiveMark } from "../live-mark";
import type { Pose, Size } from "../pose";

export interface ValueSpot {
  readonly mark: LiveMark;
  readonly at: Cartesian3;
  readonly pixel: ScreenPoint;
}

const UP_TO_M = 2200;
const MOST = 60;
const LETTER_PIXELS = 7.5;
const LETTERS_MS = 150;

export class LiveValues {
  private readonly labels: LabelCollection;
  private written = "";

  constructor(private readonly scene: Scene) {
    this.labels = scene.primitives.add(new LabelCollection({ scene })) as LabelCollection;
  }

  arrange(spots: readonly ValueSpot[], size: Size, pose: Pose): void {
    const fit = pose.distance > UP_TO_M ? [] : fitting(spots, size);
    const now = fit.map(({ mark }) => `${mark.layer}/${mark.id}=${mark.label}/${mark.stale}`).join("|");
    if (now === this.written) return;
    this.written = now;
    this.labels.removeAll();
    for (const spot of fit) this.write(spot);
    this.scene.primitives.raiseToTop(this.labels);
    // A letter that is new comes into the picture a moment later.
    setTimeout(() => this.scene.isDestroyed() || this.scene.requestRender(), LETTERS_MS);
  }

  private write({ mark, at }: ValueSpot): void {
    this.labels.add({
      position: at,
      text: mark.label,
      font: '600 32px "Source Sans 3"',
      scale: 0.45,
      fillColor: Color.fromCssColorString(mark.stale ? LIVE.staleInk : LIVE.ink),
      outlineColor: Color.fromCssColorString(LIVE.ring),
      outlineWidth: 8,
      style: LabelStyle.FILL_AND_OUTLINE,
      horizontalOrigin: HorizontalOrigin.LEFT,
      verticalOrigin: VerticalOrigin.CENTER,
      pixelOffset: new Cartesian2(SYMBOL_REACH, 0),
      disableDepthTestDistance: Number.POSITIVE_INFINITY,
    });
  }
}

function fitting(spots: readonly ValueSpot[], size: Size): readonly ValueSpot[] {
  const inside = spots.filter(({ pixel: { x, y } }) => x > 0 && y > 0 && x < size.width && y < size.height);
  const taken: Box[] = inside.map(({ pixel: { x, y } }) => ({
    left: x - 9,
    right: x + 9,
    top: y - 9,
    bottom: y + 9,
  }));
  const kept: ValueSpot[] = [];
  const rank = ({ mark }: ValueSpot) => (mark.chosen ? 2 : mark.stale ? 0 : 1);
  for (const spot of [...inside].sort((a, b) => rank(b) - rank(a) || b.pixel.y - a.pixel.y)) {
    if (kept.length >= MOST) break;
    if (spot.mark.label === "") continue;
    const { x, y } = spot.pixel;
    const left = x + SYMBOL_REACH;
    const box = {
      left,
      right: left + spot.mark.label.length * LETTER_PIXELS,
      top: y - VALUE_HEIGHT / 2,
      bottom: y + VALUE_HEIGHT / 2,
    };
    if (collides(box, taken, 2)) continue;
    taken.push(box);
    kept.push(spot);
  }
  return kept;
}

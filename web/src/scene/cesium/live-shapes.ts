/** Live measurements in the scene: symbols on a stem, stretches of road, and values where there is room. */

import { Cartesian2, Cartesian3, Matrix4, type Scene, SceneTransforms, Transforms } from "@cesium/engine";
import type { Position, SceneManifest } from "../../api/shapes";
import { LIVE, SELECTED_IN_SCENE } from "../../drawing/palette";
import type { ScreenPoint } from "../engine";
import { type LiveMark, nearestMark, type OnScreen } from "../live-mark";
import type { Pose, Size } from "../pose";
import { isWalking } from "../walking";
import { LiveLines, type PaintedLine } from "./live-lines";
import { LiveSymbols } from "./live-symbols";
import { LiveValues, type ValueSpot } from "./live-values";

/** Above the streets. In the street one looks up to it, not over it. */
const STEM_M = 35;
const STEM_WALKING_M = 5;
/** What lies on the road, and what would be a forest of stems. */
const LOW_M = 3;
const MOST_STEMS = 400;
const CASING_LIFT_M = 2.2;
/** Over its casing, or the two would flicker through each other. */
const LINE_LIFT_M = 2.35;
const LINE_PIXELS = 5;
const CASING_PIXELS = 9;
/** The two directions of a road lie beside each other: each keeps to its right. */
const ASIDE_M = 4;

interface Placed {
  readonly mark: LiveMark;
  readonly symbol: Cartesian3;
  readonly foot: Cartesian3 | null;
  readonly line: readonly Cartesian3[];
  readonly casing: readonly Cartesian3[];
}

export class SceneLive {
  private readonly casings: LiveLines;
  private readonly lines: LiveLines;
  private readonly stems: LiveLines;
  private readonly symbols: LiveSymbols;
  private readonly values: LiveValues;
  private readonly streetM: number;
  private marks: readonly LiveMark[] = [];
  private placed: readonly Placed[] = [];
  private kept = new Map<string, Placed>();
  private stemM = STEM_M;

  constructor(
    private readonly scene: Scene,
    city: SceneManifest,
  ) {
    this.streetM = city.groundNapM + city.geoidM;
    // Where the ground was measured a line at the height of a street would sink into every rise.
    const through = city.terrain !== undefined;
    this.casings = new LiveLines(scene, through);
    this.lines = new LiveLines(scene, through);
    this.stems = new LiveLines(scene, false);
    this.symbols = new LiveSymbols(scene);
    this.values = new LiveValues(scene);
  }

  set(marks: readonly LiveMark[]): void {
    this.marks = marks;
    const stems = marks.length <= MOST_STEMS;
    const before = this.kept;
    this.placed = marks.map((mark) => this.place(mark, before.get(keyOf(mark)), stems));
    this.kept = new Map(this.placed.map((one) => [keyOf(one.mark), one]));
    const roads = this.placed.filter(({ line }) => line.length > 1);
    const chosen = roads.filter(({ mark }) => mark.chosen);
    this.casings.set([
      ...roads.map((one) => painted(one.mark, one.casing, LIVE.ring, CASING_PIXELS)),
      ...chosen.map((one) => painted(one.mark, one.casing, SELECTED_IN_SCENE, CASING_PIXELS + 6)),
    ]);
    this.lines.set(
      roads.map((one) =>
        painted(one.mark, one.line, one.mark.stale ? LIVE.staleLine : one.mark.colour, LINE_PIXELS),
      ),
    );
    this.stems.set(
      this.placed.flatMap(({ mark, symbol, foot }) =>
        foot === null ? [] : [{ key: keyOf(mark), points: [foot, symbol], colour: LIVE.ink, width: 1.5 }],
      ),
    );
    this.symbols.set(
      this.placed.map(({ mark, symbol }) => ({ mark, at: symbol, ahead: aheadOf(mark, symbol) })),
    );
    this.scene.requestRender();
  }

  /** Which values are written; for when the camera has come to rest. */
  arrange(size: Size, pose: Pose): void {
    const stem = isWalking(pose) ? STEM_WALKING_M : STEM_M;
    if (stem !== this.stemM) {
      this.stemM = stem;
      this.kept = new Map();
      this.set(this.marks);
    }
    const spots = this.placed.flatMap(({ mark, symbol }): readonly ValueSpot[] => {
      const pixel = this.pixel(symbol);
      return pixel === null ? [] : [{ mark, at: symbol, pixel }];
    });
    this.values.arrange(spots, size, pose);
    this.scene.requestRender();
  }

  at(point: ScreenPoint): LiveMark | null {
    return nearestMark(this.onScreen(), point);
  }

  private *onScreen(): Generator<OnScreen> {
    for (const { mark, symbol, line } of this.placed) {
      const points = (line.length > 1 ? line : [symbol]).map((one) => this.pixel(one));
      if (points.every((one) => one !== null)) yield { mark, points: points as readonly ScreenPoint[] };
    }
  }

  private pixel(at: Cartesian3): ScreenPoint | null {
    return SceneTransforms.worldToWindowCoordinates(this.scene, at, new Cartesian2()) ?? null;
  }

  /** What has only another value stays where it is. */
  private place(mark: LiveMark, before: Placed | undefined, stems: boolean): Placed {
    const low = mark.form === "arrow";
    const stands = stems && !low;
    const same = before?.mark.at === mark.at && before.mark.line === mark.line;
    if (before !== undefined && same && (before.foot !== null) === stands) return { ...before, mark };
    const { at, headingDeg } = mark;
    const symbol = this.above(
      mark.line === null ? at : aside(at, headingDeg ?? 0),
      stands ? this.stemM : LOW_M,
    );
    const road = mark.line === null ? [] : shifted(mark.line);
    const line = road.map((place) => this.above(place, LINE_LIFT_M));
    const casing = road.map((place) => this.above(place, CASING_LIFT_M));
    return { mark, symbol, foot: stands ? this.above(at, 0) : null, line, casing };
  }

  private above([lon, lat]: Position, lift: number): Cartesian3 {
    return Cartesian3.fromDegrees(lon ?? 0, lat ?? 0, this.streetM + lift);
  }
}

const METRES_PER_DEGREE = 111_319.49;

function keyOf({ layer, id }: LiveMark): string {
  return `${layer}/${id}`;
}

function painted(mark: LiveMark, points: readonly Cartesian3[], colour: string, width: number): PaintedLine {
  return { key: `${keyOf(mark)} ${width}`, points, colour, width };
}

/** Which way an arrow looks, in the world; null for what stands upright. */
function aheadOf({ form, headingDeg }: LiveMark, at: Cartesian3): Cartesian3 | null {
  if (form !== "arrow" || headingDeg === null) return null;
  const angle = (headingDeg * Math.PI) / 180;
  const frame = Transforms.eastNorthUpToFixedFrame(at);
  const ahead = new Cartesian3(Math.sin(angle), Math.cos(angle), 0);
  return Matrix4.multiplyByPointAsVector(frame, ahead, new Cartesian3());
}

/** To the right of a direction. */
function aside([lon = 0, lat = 0]: Position, headingDeg: number): Position {
  const right = ((headingDeg + 90) * Math.PI) / 180;
  const perLon = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  return [lon + (Math.sin(right) * ASIDE_M) / perLon, lat + (Math.cos(right) * ASIDE_M) / METRES_PER_DEGREE];
}

function shifted(line: readonly Position[]): readonly Position[] {
  return line.map((place, n) => {
    const [a, b] = [line[Math.max(0, n - 1)] as Position, line[Math.min(line.length - 1, n + 1)] as Position];
    const wide = Math.cos(((place[1] ?? 0) * Math.PI) / 180);
    const [east, north] = [((b[0] ?? 0) - (a[0] ?? 0)) * wide, (b[1] ?? 0) - (a[1] ?? 0)];
    return aside(place, (Math.atan2(east, north) * 180) / Math.PI);
  });
}

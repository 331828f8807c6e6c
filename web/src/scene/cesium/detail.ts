/** Keeps lines, shadows, haze, sharpness and resolution in line with what this device can draw. */

import { Color, type PostProcessStage, type Scene } from "@cesium/engine";
import { onDetail, readDetail } from "../detail-choice";
import type { Shown } from "../engine";
import type { CityTilesets } from "./city-tilesets";
import { makeHaze } from "./haze";
import { type Drawing, drawingFor, FrameTimes, type Level, levelFor, levelOf, median } from "./levels";
import type { SceneWindow } from "./scene-window";
import { setShadows } from "./shadows";

/** Further away the lines of all houses are a scribble. */
const LINES_UP_TO_M = 4000;
/** The picture without shadows is on the screen by then, and the words that they are being made. */
const SHADE_AFTER_MS = 60;

export interface Sight {
  readonly shown: Shown;
  readonly moving: boolean;
  readonly sunAsked: boolean;
  readonly distance: number;
}

export class Detail {
  private level: Level = levelOf(readDetail()) ?? "light";
  private readonly times = new FrameTimes();
  private readonly haze: PostProcessStage;
  private readonly scene: Scene;
  private readonly stop = new AbortController();
  private timer = 0;

  constructor(
    private readonly window: SceneWindow,
    background: string,
    private readonly sight: () => Sight,
    private readonly tilesets: () => CityTilesets | undefined,
    private readonly shading: (busy: boolean) => void,
  ) {
    this.scene = window.scene;
    this.haze = this.scene.postProcessStages.add(
      makeHaze(Color.fromCssColorString(background), () => this.sight().distance),
    ) as PostProcessStage;
    window.onFrame = (ms) => this.timed(ms);
    onDetail(() => this.choose(), this.stop.signal);
  }

  get light(): boolean {
    return this.level === "light";
  }

  get drawing(): Drawing {
    const { moving, sunAsked } = this.sight();
    return drawingFor(this.level, moving, sunAsked);
  }

  /** The first level, by three frames of the whole city. */
  measure(): void {
    const frames = [this.window.drawNow(), this.window.drawNow(), this.window.drawNow()];
    this.level = levelOf(readDetail()) ?? levelFor(median(frames));
  }

  draw(): void {
    const { shown, distance } = this.sight();
    const { drawing, scene } = this;
    scene.msaaSamples = drawing.msaaSamples;
    scene.postProcessStages.fxaa.enabled = drawing.fxaa;
    // What one sees through has no depth: haze would wipe it out, and shadows would fall on nothing.
    const above = !shown.underground;
    this.haze.enabled = drawing.haze && above && !shown.walking;
    this.shade(drawing.shadows && above);
    const tilesets = this.tilesets();
    tilesets?.showLines(shown, drawing.lines && distance < LINES_UP_TO_M);
    tilesets?.setError(drawing.errorPixels);
  }

  /** Apart, since it waits until the graphics card has done the picture before. */
  sharpen(): void {
    this.window.setResolution(this.drawing.resolution);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.stop.abort();
  }

  /** Shadows take a frame of their own, after the picture stands: on a slow device that frame is felt. */
  private shade(on: boolean): void {
    clearTimeout(this.timer);
    const map = this.scene.shadowMap;
    if (!on) {
      if (map.enabled) setShadows(this.scene, false);
      this.shading(false);
      return;
    }
    if (!this.light || map.enabled) {
      setShadows(this.scene, true, this.sight().distance);
      return;
    }
    this.shading(true);
    this.timer = window.setTimeout(() => this.shadeNow(), SHADE_AFTER_MS);
  }

  private shadeNow(): void {
    if (this.scene.isDestroyed()) return;
    setShadows(this.scene, true, this.sight().distance);
    this.window.drawNow();
    this.shading(false);
  }

  private timed(frameMs: number): void {
    if (!this.sight().moving || levelOf(readDetail()) !== null) return;
    this.level = this.times.next(this.level, frameMs, performance.now());
  }

  private choose(): void {
    const level = levelOf(readDetail());
    if (level !== null) this.level = level;
    else this.measure();
    this.draw();
    this.sharpen();
    this.scene.requestRender();
  }
}

/** Holds the engine of the moment, swaps it, and falls back to the flat map when 3D cannot be drawn. */

import type { View } from "../state/screen";
import type {
  City,
  Engine,
  EngineEvents,
  Picked,
  PictureHow,
  Progress,
  ScreenPoint,
  Shown,
  Spot,
} from "./engine";
import { Meanwhile } from "./meanwhile";
import { type Insets, NO_INSETS, type Pose } from "./pose";

export interface StageEvents {
  moved(pose: Pose, still: boolean): void;
  clicked(point: ScreenPoint): void;
  /** The first whole picture of this view is on the screen. */
  ready(view: View): void;
  progress(progress: Progress): void;
  shading(busy: boolean): void;
  undrawn(file: string): void;
  /** 3D was asked for and this device or the network could not give it: the flat map is shown. */
  fellBack(error: unknown): void;
  failed(error: unknown): void;
}

export class Stage {
  private engine: Engine | null = null;
  private box: HTMLElement | null = null;
  private wanted: View | null = null;
  private insets: Insets = NO_INSETS;
  private shown: Shown | null = null;
  private meanwhile: Meanwhile | null = null;
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly host: HTMLElement,
    private readonly city: City,
    private readonly events: StageEvents,
  ) {
    this.sizes = new ResizeObserver(() => this.engine?.resize());
    this.sizes.observe(host);
  }

  /** The view that was asked for last; it may still be on its way. */
  get wants(): View | null {
    return this.wanted;
  }

  /** The view that is drawn. */
  get view(): View | null {
    return this.engine === null ? null : this.engine.kind === "cesium" ? "3d" : "2d";
  }

  pose(): Pose | null {
    return this.engine?.view() ?? null;
  }

  /** Start or swap the engine. The old picture stays until the new engine stands. */
  async show(view: View, pose: Pose): Promise<void> {
    if (this.wanted === view) return;
    this.wanted = view;
    const box = document.createElement("div");
    box.className = "map-box";
    this.host.append(box);
    this.meanwhile?.end();
    this.meanwhile = view === "3d" && this.engine === null ? new Meanwhile(this.host, this.city) : null;
    void this.meanwhile?.start(pose, this.insets, this.shown);
    try {
      const engine = await this.make(view);
      await engine.mount(box, pose, this.shown);
      if (this.wanted !== view) {
        engine.destroy();
        box.remove();
        return;
      }
      this.take(engine, box);
    } catch (error) {
      box.remove();
      if (this.wanted === view) await this.giveUp(view, pose, error);
    }
  }

  set(shown: Shown): void {
    this.shown = shown;
    this.meanwhile?.show(shown);
    this.engine?.show(shown);
  }

  setInsets(insets: Insets): void {
    const same = (Object.keys(insets) as (keyof Insets)[]).every(
      (side) => insets[side] === this.insets[side],
    );
    this.insets = insets;
    if (!same) this.engine?.setInsets(insets, "picture");
  }

  go(pose: Pose, how: "jump" | "fly"): void {
    this.engine?.setView(pose, how);
  }

  pick(point: ScreenPoint): Picked | null {
    return this.engine?.pick(point) ?? null;
  }

  spot(point: ScreenPoint): Spot | null {
    return this.engine?.spot(point) ?? null;
  }

  async picture(how?: PictureHow): Promise<HTMLCanvasElement | null> {
    return (await this.engine?.picture(how)) ?? null;
  }

  zoom(factor: number): void {
    this.engine?.zoom(factor);
  }

  pan(right: number, up: number): void {
    this.engine?.pan(right, up);
  }

  turn(headingDeg: number, pitchDeg: number): void {
    this.engine?.turn(headingDeg, pitchDeg);
  }

  destroy(): void {
    this.sizes.disconnect();
    this.meanwhile?.end();
    this.engine?.destroy();
    this.engine = null;
    this.wanted = null;
  }

  private async make(view: View): Promise<Engine> {
    const events = this.listen(view);
    if (view === "2d") return new (await import("./flat/flat-engine")).FlatEngine(this.city, events);
    return new (await import("./cesium/cesium-engine")).CesiumEngine(this.city, events);
  }

  private listen(view: View): EngineEvents {
    const current = () => this.wanted === view;
    return {
      move: (pose, still) => {
        if (!current()) return;
        // It does not move along: who moves wants to see the city itself, however far it is.
        if (!still) this.meanwhile?.end();
        this.events.moved(pose, still);
      },
      click: (point) => current() && this.events.clicked(point),
      ready: () => {
        if (!current()) return;
        this.meanwhile?.end();
        this.events.ready(view);
      },
      progress: (progress) => current() && this.events.progress(progress),
      shading: (busy) => current() && this.events.shading(busy),
      undrawn: (file) => current() && this.events.undrawn(file),
      failed: (error) => {
        if (!current()) return;
        if (view === "3d") void this.giveUp(view, this.pose() ?? this.home(), error);
        else this.events.failed(error);
      },
    };
  }

  private take(engine: Engine, box: HTMLElement): void {
    this.engine?.destroy();
    this.box?.remove();
    this.engine = engine;
    this.box = box;
    // The map may have got another size while the engine was on its way.
    engine.resize();
    engine.setInsets(this.insets, "pose");
    if (this.shown !== null) engine.show(this.shown);
  }

  private async giveUp(view: View, pose: Pose, error: unknown): Promise<void> {
    if (view === "2d") {
      this.events.failed(error);
      return;
    }
    this.meanwhile?.end();
    this.events.fellBack(error);
    this.wanted = null;
    await this.show("2d", pose);
  }

  private home(): Pose {
    return homePose(this.city.scene);
  }
}

export function homePose({ view }: City["scene"]): Pose {
  return {
    lon: view.lon,
    lat: view.lat,
    heading: view.headingDeg,
    pitch: view.pitchDeg,
    distance: view.distanceM,
  };
}

/** Whether the browser can draw 3D at all; asked once, before 1 MB of engine is fetched. */
export function canDraw3d(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

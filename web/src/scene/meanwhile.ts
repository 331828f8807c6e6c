/** The flat map as a picture over a 3D scene that is still on its way: something to see at once. */

import type { City, Engine, EngineEvents, Shown } from "./engine";
import type { Insets, Pose } from "./pose";

/** Nobody is told what it does: it is no map yet, only its picture. */
const SILENT: EngineEvents = {
  move: () => {},
  click: () => {},
  ready: () => {},
  progress: () => {},
  shading: () => {},
  undrawn: () => {},
  failed: () => {},
};

export class Meanwhile {
  private engine: Engine | null = null;
  private readonly box = document.createElement("div");
  private gone = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly city: City,
  ) {
    this.box.className = "map-box meanwhile";
    this.box.setAttribute("aria-hidden", "true");
  }

  async start(pose: Pose, insets: Insets, shown: Shown | null): Promise<void> {
    try {
      const { FlatEngine } = await import("./flat/flat-engine");
      if (this.gone) return;
      this.host.append(this.box);
      const engine = new FlatEngine(this.city, SILENT);
      this.engine = engine;
      await engine.mount(this.box, pose);
      if (this.gone) return;
      engine.setInsets(insets, "pose");
      engine.setView(pose, "jump");
      if (shown !== null) engine.show(shown);
    } catch (error) {
      // What comes after it says whether the map can be drawn at all.
      console.warn("no flat map meanwhile", error);
      this.end();
    }
  }

  show(shown: Shown): void {
    if (!this.gone) this.engine?.show(shown);
  }

  end(): void {
    if (this.gone) return;
    this.gone = true;
    this.engine?.destroy();
    this.box.remove();
  }
}

/** A canvas with a scene in it, kept at the size of its host and drawn only when something changed. */

import { Color, Credit, CreditDisplay, Ion, JulianDate, Scene } from "@cesium/engine";
import { NoWebGl } from "../engine";
import { FIELD_OF_VIEW_DEG, type Size } from "../pose";

/** The two calls that the engine's own widget makes and its types leave out. */
type DrivenScene = Scene & { pixelRatio: number; initializeFrame(): void };

/** The clock stands still: the light of the scene is our own. */
const NOON = JulianDate.fromIso8601("2026-06-21T11:00:00Z");

export class SceneWindow {
  readonly scene: Scene;
  /** Whether the pictures are drawn by the processor instead of a graphics card. */
  readonly software: boolean;
  /** Told how long each frame on the screen took. */
  onFrame: (ms: number) => void = () => {};
  private readonly canvas = document.createElement("canvas");
  private resolution = 1;
  private asked = 0;

  constructor(
    private readonly host: HTMLElement,
    background: string,
    private readonly onFailed: (error: unknown) => void,
  ) {
    this.software = isSoftware(rendererName());
    Ion.defaultAccessToken = "";
    CreditDisplay.cesiumCredit = new Credit("CesiumJS");
    this.canvas.className = "map-canvas";
    this.canvas.setAttribute("aria-hidden", "true");
    host.append(this.canvas);
    this.fitCanvas();
    this.scene = this.make(background);
    this.canvas.addEventListener("webglcontextlost", () => this.onFailed(new NoWebGl()));
    this.loop();
  }

  size(): Size {
    return { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) };
  }

  setResolution(resolution: number): void {
    if (resolution === this.resolution) return;
    this.resolution = resolution;
    this.fitCanvas();
  }

  /** Draw once, now, and wait until the picture is there. Returns how long that took. */
  drawNow(): number {
    const started = performance.now();
    this.scene.requestRender();
    this.draw();
    const gl = (this.scene as unknown as { context?: { _gl?: WebGL2RenderingContext } }).context?._gl;
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    return performance.now() - started;
  }

  /** A copy of what is drawn now, or of it drawn so many pixels wide. */
  picture(width = 0): HTMLCanvasElement {
    const before = this.resolution;
    if (width > 0) this.setResolution(width / (this.size().width * pixelRatio()));
    this.drawNow();
    const copy = this.copy();
    this.setResolution(before);
    return copy;
  }

  private copy(): HTMLCanvasElement {
    const copy = document.createElement("canvas");
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    copy.getContext("2d")?.drawImage(this.canvas, 0, 0);
    return copy;
  }

  fitCanvas(): void {
    const { width, height } = this.size();
    const ratio = this.resolution * pixelRatio();
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
    if (this.scene === undefined) return;
    (this.scene as DrivenScene).pixelRatio = ratio;
    const frustum = this.scene.camera.frustum;
    if ("aspectRatio" in frustum) frustum.aspectRatio = width / height;
    this.scene.requestRender();
  }

  destroy(): void {
    cancelAnimationFrame(this.asked);
    if (!this.scene.isDestroyed()) this.scene.destroy();
    this.canvas.remove();
  }

  private make(background: string): Scene {
    const scene = new Scene({
      canvas: this.canvas,
      creditContainer: document.createElement("div"),
      scene3DOnly: true,
      requestRenderMode: true,
      maximumRenderTimeChange: Number.POSITIVE_INFINITY,
      msaaSamples: 1,
      contextOptions: { webgl: { alpha: false, preserveDrawingBuffer: false } },
    });
    scene.backgroundColor = Color.fromCssColorString(background);
    scene.highDynamicRange = false;
    scene.fog.enabled = false;
    scene.screenSpaceCameraController.enableInputs = false;
    if (scene.sun !== undefined) scene.sun.show = false;
    if (scene.moon !== undefined) scene.moon.show = false;
    scene.rethrowRenderErrors = false;
    scene.renderError.addEventListener((_: Scene, error: unknown) => this.onFailed(error));
    Object.assign(scene.camera.frustum, { fov: (FIELD_OF_VIEW_DEG * Math.PI) / 180, near: 1, far: 30_000 });
    return scene;
  }

  /** A slow picture holds up the next tick, on the processor or on the graphics card. */
  private loop(before = 0, drew = false): void {
    this.asked = requestAnimationFrame((now) => {
      if (this.scene.isDestroyed()) return;
      if (drew) this.onFrame(now - before);
      let drawn = false;
      const stop = this.scene.postRender.addEventListener(() => {
        drawn = true;
      });
      this.draw();
      stop();
      this.loop(now, drawn);
    });
  }

  private draw(): void {
    (this.scene as DrivenScene).initializeFrame();
    this.scene.render(NOON);
  }
}

function pixelRatio(): number {
  return Math.min(2, window.devicePixelRatio);
}

/** Raises NoWebGl when the browser cannot draw 3D. */
function rendererName(): string {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) throw new NoWebGl();
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

function isSoftware(renderer: string): boolean {
  return /swiftshader|llvmpipe|software|basic render/i.test(renderer);
}

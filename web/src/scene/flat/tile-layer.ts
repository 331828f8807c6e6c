/** A Leaflet layer whose tiles are canvases that the painter fills. */

import L from "leaflet";
import type { FlatSource } from "../../api/shapes";
import { ORDER, type Paint, TilePainter } from "./painter";
import type { FlatTiles } from "./tiles";

/** Sharp on half zoom steps too, where Leaflet enlarges the tiles. */
const SHARPNESS = 1.42;
const SIDE = 512;
const EQUATOR_M = 40_075_016.7;

export interface TileContent {
  readonly archives: readonly FlatTiles[];
  shows(source: FlatSource): boolean;
  paint(source: FlatSource): Paint;
  readonly base: string;
}

interface Job {
  readonly archive: FlatTiles;
  readonly source: FlatSource;
}

export class CityTileLayer extends L.GridLayer {
  private readonly live = new Map<HTMLCanvasElement, { readonly coords: L.Coords; turn: number }>();

  constructor(
    private readonly content: () => TileContent,
    pane = "tilePane",
  ) {
    super({ tileSize: SIDE, updateWhenIdle: false, keepBuffer: 1, className: "city-tiles", pane });
    this.on("tileunload", (event) => this.live.delete(event.tile as unknown as HTMLCanvasElement));
  }

  /**
   * Paint the tiles that are there once more, in place. Leaflet's own `redraw` empties the map first, and
   * asks for tiles of half zoom levels when the map stands on one.
   */
  repaint(): void {
    for (const [canvas, coords] of [...this.live].map(([one, tile]) => [one, tile.coords] as const)) {
      this.fill(canvas, coords).catch((error: unknown) =>
        this.fire("tileerror", { error, tile: canvas, coords }),
      );
    }
  }

  protected override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    this.live.set(canvas, { coords, turn: 0 });
    this.fill(canvas, coords).then(
      () => done(undefined, canvas),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), canvas),
    );
    return canvas;
  }

  private async fill(canvas: HTMLCanvasElement, coords: L.Coords): Promise<void> {
    const tile = this.live.get(canvas);
    if (tile === undefined) return;
    tile.turn += 1;
    const turn = tile.turn;
    const { archives, shows, paint, base } = this.content();
    const jobs = archives
      .flatMap((archive) => archive.map.sources.map((source): Job => ({ archive, source })))
      .filter((job) => shows(job.source))
      .sort((a, b) => ORDER.indexOf(a.source.role) - ORDER.indexOf(b.source.role));
    // Tiles of 512 pixels show what tiles of 256 do one level lower.
    const address = { z: coords.z - 1, x: coords.x, y: coords.y };
    const parts = await Promise.all(jobs.map((job) => job.archive.part(address)));
    if (tile.turn !== turn) return;
    const ratio = Math.max(1, devicePixelRatio) * SHARPNESS;
    canvas.width = canvas.height = Math.round(SIDE * ratio);
    const context = canvas.getContext("2d");
    if (context === null) return;
    const painter = new TilePainter(context, SIDE, ratio, coords.z, metresPerPixel(coords), base);
    jobs.forEach((job, n) => {
      const part = parts[n];
      if (part) painter.paint(job.source, part, paint(job.source));
    });
  }
}

/** CSS pixels of the middle of a tile, in metres: a map in Mercator has another scale at every latitude. */
function metresPerPixel({ z, y }: L.Coords): number {
  const north = Math.PI - (2 * Math.PI * (y + 0.5)) / 2 ** (z - 1);
  return EQUATOR_M / 2 ** (z + 8) / Math.cosh(north);
}

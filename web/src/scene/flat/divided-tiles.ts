/** The right side of a divided flat map: tiles of its own, each side cut off at the line. */

import type L from "leaflet";
import type { Shown, Side } from "../engine";
import { CityTileLayer, type TileContent } from "./tile-layer";

const LEFT = "tilePane";
const RIGHT = "rightPane";
/** Above the tiles of the left, below what is chosen. */
const ABOVE_TILES = "210";

export class DividedTiles {
  private tiles: CityTileLayer | null = null;
  private at = 0.5;
  private right: Side | null = null;

  constructor(
    private readonly map: L.Map,
    private readonly left: CityTileLayer,
    private readonly content: (side: Side) => TileContent,
  ) {
    map.on("move zoom viewreset resize", () => this.clip());
  }

  show(swipe: Shown["swipe"]): void {
    const before = this.right;
    this.right = swipe?.right ?? null;
    if (swipe === null) this.close();
    else {
      this.at = swipe.at;
      if (this.tiles === null) this.open(swipe.right);
      else if (before !== swipe.right) this.tiles.repaint();
      this.clip();
    }
  }

  private open(first: Side): void {
    const pane = this.map.getPane(RIGHT) ?? this.map.createPane(RIGHT);
    pane.style.zIndex = ABOVE_TILES;
    this.tiles = new CityTileLayer(() => this.content(this.right ?? first), RIGHT).addTo(this.map);
    this.tiles.on("tileerror", (event) => this.left.fire("tileerror", event));
  }

  private close(): void {
    this.tiles?.remove();
    this.tiles = null;
    this.map.getPane(LEFT)?.style.removeProperty("clip-path");
  }

  /** Panes move along with the map, so the line is put back in its place with every movement. */
  private clip(): void {
    if (this.tiles === null) return;
    const size = this.map.getSize();
    const { x: west, y: north } = this.map.containerPointToLayerPoint([0, 0]);
    const [line, east, south] = [west + this.at * size.x, west + size.x, north + size.y];
    const box = (from: number, to: number) =>
      `polygon(${from}px ${north}px, ${to}px ${north}px, ${to}px ${south}px, ${from}px ${south}px)`;
    this.map.getPane(LEFT)?.style.setProperty("clip-path", box(west, line));
    this.map.getPane(RIGHT)?.style.setProperty("clip-path", box(line, east));
  }
}

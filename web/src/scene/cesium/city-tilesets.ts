/** The tilesets of the city: which are shown, in which colours, and how far one sees through them. */

import {
  Cartographic,
  Cesium3DTileColorBlendMode,
  Cesium3DTileStyle,
  type Cesium3DTileset,
  type Scene,
  ShadowMode,
  SplitDirection,
  Cesium3DTileset as Tileset,
} from "@cesium/engine";
import type { Layer, TilesetEntry, TilesetRole } from "../../api/shapes";
import { listedColumns } from "../../drawing/listed";
import { PLAIN, type Selection, type Side } from "../engine";
import { inkGround } from "./base-ground";
import { lightTileset } from "./light";
import { type Divided, isOn, isOnEither, type Split, splitOf } from "./split";
import { styleText } from "./style";

/**
 * How much of a data colour is mixed in. The rest is paper, which light makes twice as bright: with 15 % of it a
 * roof of the darkest class came out far paler than its legend.
 */
const DATA_BLEND = 0.96;
const FIRST_ERROR_PIXELS = 8;

const SHADOWS: Readonly<Record<TilesetRole, ShadowMode>> = {
  buildings: ShadowMode.ENABLED,
  trees: ShadowMode.ENABLED,
  tubes: ShadowMode.DISABLED,
  creases: ShadowMode.DISABLED,
  quay: ShadowMode.DISABLED,
  land: ShadowMode.RECEIVE_ONLY,
  street: ShadowMode.RECEIVE_ONLY,
  path: ShadowMode.RECEIVE_ONLY,
  park: ShadowMode.RECEIVE_ONLY,
  water: ShadowMode.RECEIVE_ONLY,
};

/** The ground, of which one chooses how much one sees from above when looking below it. */
const GROUND: ReadonlySet<TilesetRole> = new Set(["land", "street", "path", "park", "water"]);
/** What stands on it is then thin; what is not named stays whole. */
const SEE_THROUGH: Readonly<Partial<Record<TilesetRole, number>>> = { quay: 0.3, buildings: 0.3, trees: 0.3 };
/** Water a little more than land, or the canals are lost. */
const MORE_WATER = 0.15;

const DIRECTIONS: Readonly<Record<Split["where"], SplitDirection>> = {
  whole: SplitDirection.NONE,
  left: SplitDirection.LEFT,
  both: SplitDirection.LEFT,
  right: SplitDirection.RIGHT,
};

export interface CityLook extends Divided {
  readonly selection: Selection | null;
  readonly base: string;
  /** The ground and what stands on it are drawn thin, so that one sees what lies below. */
  readonly underground: boolean;
  readonly groundOpacity: number;
}

interface Loaded {
  readonly entry: TilesetEntry;
  readonly tileset: Cesium3DTileset;
}

/** The same tiles once more, for the right side of a divided map; null while they are on their way. */
type Twins = Map<TilesetEntry, Cesium3DTileset | null>;

export class CityTilesets {
  private readonly loaded: Loaded[] = [];
  /** What is shown and has not arrived. */
  private readonly coming = new Set<TilesetEntry>();
  private readonly twins: Twins = new Map();
  private errorPixels = FIRST_ERROR_PIXELS;
  private attend: (tileset: Cesium3DTileset) => void = () => {};
  private last: { readonly look: CityLook; readonly lines: boolean } | null = null;
  private readonly listed: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly scene: Scene,
    layers: readonly Layer[],
    private readonly entries: readonly TilesetEntry[],
  ) {
    this.listed = listedColumns(layers);
  }

  /** Waits for what is shown at first; the rest is asked for when it comes to be shown. */
  async load(look: Divided): Promise<void> {
    await Promise.all(this.entries.filter((entry) => isOnEither(entry, look)).map((one) => this.bring(one)));
  }

  /** Whether all that is shown has arrived. */
  get complete(): boolean {
    return this.coming.size === 0 && this.loaded.every(({ tileset }) => !tileset.show || tileset.tilesLoaded);
  }

  /** Tells how many requests and tiles are still on their way, and the most there ever were. */
  watch(tell: (left: number, most: number) => void): void {
    const pending = new Map<Cesium3DTileset, number>();
    let most = 0;
    this.attend = (tileset) =>
      tileset.loadProgress.addEventListener((requests: number, processing: number) => {
        pending.set(tileset, requests + processing);
        const left = [...pending.values()].reduce((sum, n) => sum + n, 0);
        most = Math.max(most, left);
        tell(left, most);
      });
    for (const { tileset } of this.loaded) this.attend(tileset);
  }

  entryOf(tileset: Cesium3DTileset | undefined): TilesetEntry | undefined {
    const twin = () => [...this.twins].find(([, one]) => one === tileset)?.[0];
    return tileset && (this.loaded.find((one) => one.tileset === tileset)?.entry ?? twin());
  }

  /** Whether the features of this layer are objects in the scene. */
  draws(layer: string): boolean {
    return this.entries.some((entry) => entry.layer === layer && isObjects(entry.role));
  }

  apply(look: CityLook, lines: boolean): void {
    this.last = { look, lines };
    this.scene.splitPosition = look.swipe?.at ?? 0;
    for (const entry of this.entries) if (isOnEither(entry, look)) this.fetch(entry);
    for (const { entry, tileset } of this.loaded) {
      const split = splitOf(entry, look);
      tileset.splitDirection = DIRECTIONS[split.where];
      tileset.show = isOn(entry, split.side) && (lines || entry.role !== "creases");
      this.style(entry, tileset, look, split.side);
      this.twin(entry, look, split.where === "both" ? split.right : null, lines);
    }
  }

  /** Nothing but the place of the line has changed. */
  moveLine(look: CityLook): void {
    if (this.last !== null) this.last = { ...this.last, look };
    this.scene.splitPosition = look.swipe?.at ?? 0;
    this.scene.requestRender();
  }

  /** The tiles of the right side, where they differ from those of the left. */
  private twin(entry: TilesetEntry, look: CityLook, right: Side | null, lines: boolean): void {
    const twin = this.twins.get(entry);
    if (right === null) {
      if (twin === null) return;
      if (twin !== undefined) this.scene.primitives.remove(twin);
      this.twins.delete(entry);
    } else if (twin === undefined) {
      this.twins.set(entry, null);
      this.fromServer(entry).then(
        (tileset) => this.arrived(() => this.twins.set(entry, tileset)),
        (error: unknown) => console.warn("the right side is not drawn", error),
      );
    } else if (twin !== null) {
      twin.splitDirection = SplitDirection.RIGHT;
      twin.show = isOn(entry, right) && (lines || entry.role !== "creases");
      this.style(entry, twin, look, right);
    }
  }

  /** The map may have become whole, or another, while the tiles were on their way. */
  private arrived(take: () => void): void {
    if (this.scene.isDestroyed()) return;
    take();
    if (this.last !== null) this.apply(this.last.look, this.last.lines);
    this.scene.requestRender();
  }

  showLines(look: CityLook, lines: boolean): void {
    this.last = { look, lines };
    for (const { entry, tileset } of this.loaded) {
      if (entry.role !== "creases") continue;
      const split = splitOf(entry, look);
      tileset.show = lines && isOn(entry, split.side);
      const twin = this.twins.get(entry);
      if (twin) twin.show = lines && split.where === "both" && isOn(entry, split.right);
    }
  }

  /** How many pixels of the picture may be left out, on a whole canvas. */
  setError(pixels: number): void {
    this.errorPixels = pixels;
    for (const { tileset } of this.loaded) tileset.maximumScreenSpaceError = pixels;
    for (const twin of this.twins.values()) if (twin !== null) twin.maximumScreenSpaceError = pixels;
  }

  /** Metres above the ellipsoid of the highest that is drawn of these roles at a place; null without any. */
  heightAt(lon: number, lat: number, of: (role: TilesetRole) => boolean): number | null {
    const place = Cartographic.fromDegrees(lon, lat);
    const heights = this.loaded.flatMap(({ entry, tileset }) => {
      if (!of(entry.role) || !tileset.show) return [];
      const height = tileset.getHeight(place, this.scene);
      return height === undefined ? [] : [height];
    });
    return heights.length > 0 ? Math.max(...heights) : null;
  }

  /** Ask for a layer that has come to be shown; one that stays away is asked for again at the next change. */
  private fetch(entry: TilesetEntry): void {
    if (this.coming.has(entry) || this.loaded.some((one) => one.entry === entry)) return;
    this.bring(entry).then(
      () => this.arrived(() => {}),
      (error: unknown) => console.warn("a layer is not drawn", error),
    );
  }

  private async bring(entry: TilesetEntry): Promise<void> {
    this.coming.add(entry);
    try {
      const tileset = await this.fromServer(entry);
      this.attend(tileset);
      this.loaded.push({ entry, tileset });
    } finally {
      this.coming.delete(entry);
    }
  }

  private async fromServer(entry: TilesetEntry): Promise<Cesium3DTileset> {
    const tileset = await Tileset.fromUrl(entry.url, {
      maximumScreenSpaceError: this.errorPixels,
      shadows: SHADOWS[entry.role],
      dynamicScreenSpaceError: false,
    });
    lightTileset(tileset);
    // The map may have gone meanwhile.
    if (!this.scene.isDestroyed()) this.scene.primitives.add(tileset);
    return tileset;
  }

  private style(entry: TilesetEntry, tileset: Cesium3DTileset, look: CityLook, side: Side): void {
    const objects = isObjects(entry.role);
    const { column, classes, opacity, where } = side.looks.get(entry.layer ?? "") ?? PLAIN;
    const coloured = objects && classes.length > 0;
    const thin = look.underground ? thinness(entry.role, look.groundOpacity) : 1;
    const text = styleText({
      selected: objects && look.selection?.layer === entry.layer ? look.selection.id : null,
      column,
      classes: coloured ? classes : [],
      opacity: Math.min(thin, opacity),
      // What hides a house hides its lines.
      where: objects || entry.role === "creases" ? where : [],
      listed: this.listed.get(entry.layer ?? "") ?? new Set<string>(),
    });
    tileset.colorBlendMode = coloured ? Cesium3DTileColorBlendMode.MIX : Cesium3DTileColorBlendMode.HIGHLIGHT;
    tileset.colorBlendAmount = DATA_BLEND;
    // The types say a style is always there; without one the tiles keep their own colours.
    tileset.style = (text === undefined ? undefined : new Cesium3DTileStyle(text)) as Cesium3DTileStyle;
    inkGround(tileset, entry.role, look.base, Math.min(thin, opacity));
  }
}

export function isGround(role: TilesetRole): boolean {
  return GROUND.has(role);
}

export function isHouse(role: TilesetRole): boolean {
  return role === "buildings";
}

export function isStreet(role: TilesetRole): boolean {
  return role === "street" || role === "path";
}

function thinness(role: TilesetRole, groundOpacity: number): number {
  if (!GROUND.has(role)) return SEE_THROUGH[role] ?? 1;
  return role === "water" ? Math.min(1, groundOpacity + MORE_WATER) : groundOpacity;
}

function isObjects(role: TilesetRole): boolean {
  return role === "buildings" || role === "trees" || role === "tubes";
}

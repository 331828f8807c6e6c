/** The tilesets of the city: which are shown, in which colours, and how far one sees through them. */

import {
  Cesium3DTileColorBlendMode,
  Cesium3DTileStyle,
  type Cesium3DTileset,
  type Scene,
  ShadowMode,
  Cesium3DTileset as Tileset,
} from "@cesium/engine";
import type { Layer, TilesetEntry, TilesetRole } from "../../api/shapes";
import { listedColumns } from "../../drawing/listed";
import { PLAIN, type Selection, type Side } from "../engine";
import { lightTileset } from "./light";
import { styleText } from "./style";

/** How much of a data colour is mixed in: a coloured house stays a house and matches its legend. */
const DATA_BLEND = 0.85;

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

/** Seen from above when one looks below the ground; what is not named stays whole. */
const SEE_THROUGH: Readonly<Partial<Record<TilesetRole, number>>> = {
  land: 0.25,
  street: 0.25,
  path: 0.25,
  park: 0.25,
  water: 0.4,
  quay: 0.3,
  buildings: 0.3,
  trees: 0.3,
};

export interface CityLook extends Side {
  readonly selection: Selection | null;
  /** The ground and what stands on it are drawn thin, so that one sees what lies below. */
  readonly underground: boolean;
}

interface Loaded {
  readonly entry: TilesetEntry;
  readonly tileset: Cesium3DTileset;
}

export class CityTilesets {
  private loaded: readonly Loaded[] = [];
  private readonly listed: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly scene: Scene,
    layers: readonly Layer[],
  ) {
    this.listed = listedColumns(layers);
  }

  async load(entries: readonly TilesetEntry[]): Promise<void> {
    this.loaded = await Promise.all(entries.map((entry) => this.loadOne(entry)));
  }

  /** Whether all that is shown has arrived. */
  get complete(): boolean {
    return this.loaded.every(({ tileset }) => !tileset.show || tileset.tilesLoaded);
  }

  /** Tells how many requests and tiles are still on their way, and the most there ever were. */
  watch(tell: (left: number, most: number) => void): void {
    const pending = new Map<Cesium3DTileset, number>();
    let most = 0;
    for (const { tileset } of this.loaded) {
      tileset.loadProgress.addEventListener((requests: number, processing: number) => {
        pending.set(tileset, requests + processing);
        const left = [...pending.values()].reduce((sum, n) => sum + n, 0);
        most = Math.max(most, left);
        tell(left, most);
      });
    }
  }

  entryOf(tileset: Cesium3DTileset | undefined): TilesetEntry | undefined {
    return this.loaded.find((one) => one.tileset === tileset)?.entry;
  }

  /** Whether the features of this layer are objects in the scene. */
  draws(layer: string): boolean {
    return this.loaded.some(({ entry }) => entry.layer === layer && isObjects(entry.role));
  }

  apply(look: CityLook, lines: boolean): void {
    for (const { entry, tileset } of this.loaded) {
      tileset.show = shows(entry, look) && (lines || entry.role !== "creases");
      this.style(entry, tileset, look);
    }
  }

  showLines(look: CityLook, lines: boolean): void {
    for (const { entry, tileset } of this.loaded) {
      if (entry.role === "creases") tileset.show = lines && shows(entry, look);
    }
  }

  private async loadOne(entry: TilesetEntry): Promise<Loaded> {
    const tileset = await Tileset.fromUrl(entry.url, {
      maximumScreenSpaceError: 8,
      shadows: SHADOWS[entry.role],
      dynamicScreenSpaceError: false,
    });
    lightTileset(tileset);
    this.scene.primitives.add(tileset);
    return { entry, tileset };
  }

  private style(entry: TilesetEntry, tileset: Cesium3DTileset, look: CityLook): void {
    const objects = isObjects(entry.role);
    const { column, classes, opacity, where } = look.looks.get(entry.layer ?? "") ?? PLAIN;
    const coloured = objects && classes.length > 0;
    const thin = look.underground ? (SEE_THROUGH[entry.role] ?? 1) : 1;
    const text = styleText({
      selected: objects && look.selection?.layer === entry.layer ? look.selection.id : null,
      column,
      classes: coloured ? classes : [],
      opacity: Math.min(thin, opacity),
      where: objects ? where : [],
      listed: this.listed.get(entry.layer ?? "") ?? new Set<string>(),
    });
    tileset.colorBlendMode = coloured ? Cesium3DTileColorBlendMode.MIX : Cesium3DTileColorBlendMode.HIGHLIGHT;
    tileset.colorBlendAmount = DATA_BLEND;
    // The types say a style is always there; without one the tiles keep their own colours.
    tileset.style = (text === undefined ? undefined : new Cesium3DTileStyle(text)) as Cesium3DTileStyle;
  }
}

function shows(entry: TilesetEntry, look: CityLook): boolean {
  return entry.layer === null || entry.role === "land" || look.layers.has(entry.layer);
}

function isObjects(role: TilesetRole): boolean {
  return role === "buildings" || role === "trees" || role === "tubes";
}

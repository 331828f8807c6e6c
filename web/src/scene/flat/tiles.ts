/** Reads vector tiles from the twin's PMTiles files. */

import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles } from "pmtiles";
import type { FlatMap } from "../../api/shapes";
import { RangeSource } from "./range-source";

export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** A tile with the part of it to draw: `scale` times larger, shifted by whole tiles `dx`, `dy`. */
export interface TilePart {
  readonly tile: VectorTile;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

const KEPT_TILES = 256;

export class FlatTiles {
  private readonly archive: PMTiles;
  private readonly cache = new Map<string, Promise<VectorTile | null>>();

  constructor(readonly map: FlatMap) {
    this.archive = new PMTiles(new RangeSource(new URL(map.url, location.href).href));
  }

  /** The part of the finest stored tile that covers this address, or null when there is nothing. */
  async part(address: TileAddress): Promise<TilePart | null> {
    const up = Math.max(0, address.z - this.map.maxZoom);
    if (address.z < this.map.minZoom) return null;
    const scale = 2 ** up;
    const stored = { z: address.z - up, x: Math.floor(address.x / scale), y: Math.floor(address.y / scale) };
    const tile = await this.tile(stored);
    if (tile === null) return null;
    return { tile, scale, dx: address.x - stored.x * scale, dy: address.y - stored.y * scale };
  }

  private tile(address: TileAddress): Promise<VectorTile | null> {
    const key = `${address.z}/${address.x}/${address.y}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const asked = this.read(address);
    this.cache.set(key, asked);
    asked.catch(() => this.cache.delete(key));
    const oldest = this.cache.keys().next();
    if (this.cache.size > KEPT_TILES && !oldest.done) this.cache.delete(oldest.value);
    return asked;
  }

  private async read({ z, x, y }: TileAddress): Promise<VectorTile | null> {
    const answer = await this.archive.getZxy(z, x, y);
    return answer === undefined ? null : new VectorTile(new PbfReader(new Uint8Array(answer.data)));
  }
}

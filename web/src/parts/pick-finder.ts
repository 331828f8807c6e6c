/** Which object a visitor points at: what the engine drew there, or what the server knows of the place. */

import type { Client } from "../api/client";
import type { Layer, PickedObject } from "../api/shapes";
import { isShown } from "../drawing/known";
import type { Picked, Side } from "../scene/engine";
import { choosePicked } from "../state/choose-picked";

export interface Found {
  readonly layer: string;
  readonly id: string;
  /** Empty for what has no name, and left out when nobody asked for it. */
  readonly title?: string;
}

export class PickFinder {
  constructor(
    private readonly client: Client,
    private readonly layers: readonly Layer[],
  ) {}

  /** Raises RequestFailed when the server does not answer. */
  async find(picked: Picked, side: Side): Promise<Found | null> {
    if (picked.kind === "object") return { layer: picked.layer, id: picked.id };
    const { lon, lat, radiusM } = picked;
    let there = await this.client.pick(lon, lat, radiusM, [...side.layers]);
    for (;;) {
      const chosen = choosePicked(there, this.layers);
      if (chosen === null || (await this.isShown(chosen, side))) return chosen;
      there = there.filter((one) => one !== chosen);
    }
  }

  /** Its name; "" for what has none. */
  async title(found: Found): Promise<string> {
    return found.title ?? (await this.client.feature(found.layer, found.id)).title;
  }

  /** A filter hides objects on the map; the server was asked for all that is there. */
  private async isShown(one: PickedObject, side: Side): Promise<boolean> {
    const where = side.looks.get(one.layer)?.where ?? [];
    if (where.length === 0) return true;
    const layer = this.layers.find(({ id }) => id === one.layer);
    const { properties } = await this.client.feature(one.layer, one.id);
    return layer === undefined || isShown(layer, where, properties);
  }
}

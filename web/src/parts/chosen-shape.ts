/** Where what is chosen lies, and whether it has a shape in 3D. */

import type { Client } from "../api/client";
import type { Geometry, Layer } from "../api/shapes";
import { MEASURED } from "../state/live";
import { hasNoShape, isInPieces, together } from "../state/pieces";
import type { ObjectKey } from "../state/screen";
import type { LiveKeeper } from "./live-keeper";

export interface ChosenShape {
  readonly geometry: Geometry | null;
  readonly footprintOnly: boolean;
}

interface Askable {
  readonly client: Client;
  readonly layers: readonly Layer[];
  readonly live: LiveKeeper;
}

/** Raises RequestFailed when the server does not say. */
export async function chosenShape({ client, layers, live }: Askable, key: ObjectKey): Promise<ChosenShape> {
  if (key.layer === MEASURED) {
    return { geometry: live.shapeOf(key.id) ?? (await client.pointOf(key.id)), footprintOnly: false };
  }
  const layer = layers.find((one) => one.id === key.layer);
  const found = await (isInPieces(layer)
    ? client.pieces(key.layer, key.id)
    : client.feature(key.layer, key.id).then((feature) => [feature]));
  return {
    geometry: together(found),
    footprintOnly: found.every((feature) => hasNoShape(feature, layer)),
  };
}

/** What a worker says to the page: a layer in pieces, of which none holds the page up. */

import type { Feature } from "../api/shapes";
import { eachPosition } from "./geometry";
import { openOwn } from "./open";
import { type Facts, OwnError, type Reason } from "./own-error";
import type { OwnLayer, OwnOptions } from "./own-layer";

export interface Question {
  readonly file: File;
  readonly options: OwnOptions;
}

/** Some of the features, more than once; then the layer without them, or a refusal. */
export type Answer =
  | { readonly features: readonly Feature[] }
  | { readonly layer: OwnLayer }
  | { readonly refused: { readonly reason: Reason; readonly facts: Facts } };

/** The page takes over so many in a few milliseconds. */
const PIECE = { vertices: 5_000, features: 2_000 } as const;

/** Each answer, with what is handed over instead of copied. */
export async function* answersTo(question: Question): AsyncGenerator<[Answer, ArrayBuffer[]]> {
  try {
    const layer = await openOwn(question.file, question.options);
    for (const features of piecesOf(layer.features)) yield [{ features }, []];
    yield [{ layer: { ...layer, features: [] } }, buffersOf(layer)];
  } catch (error) {
    // Also when the browser has no memory left for it: the page is told, not left waiting.
    const { reason, facts } = error instanceof OwnError ? error : new OwnError("stopped");
    yield [{ refused: { reason, facts } }, []];
  }
}

function* piecesOf(features: readonly Feature[]): Generator<Feature[]> {
  let piece: Feature[] = [];
  let vertices = 0;
  for (const feature of features) {
    piece.push(feature);
    if (feature.geometry) {
      eachPosition(feature.geometry, () => {
        vertices += 1;
      });
    }
    if (vertices < PIECE.vertices && piece.length < PIECE.features) continue;
    yield piece;
    piece = [];
    vertices = 0;
  }
  if (piece.length > 0) yield piece;
}

function buffersOf({ model }: OwnLayer): ArrayBuffer[] {
  if (model === undefined) return [];
  if (model.form === "glb") return [model.bytes.buffer];
  return [model.positions.buffer, model.normals.buffer, model.kinds.buffer, model.objectOf.buffer];
}

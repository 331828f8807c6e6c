/** The symbols of live measurements, as pictures that face the eye. They are not hidden by buildings. */

import { type Billboard, BillboardCollection, Cartesian3, type Scene } from "@cesium/engine";
import { symbolKey, symbolPicture } from "../../drawing/live-symbols";
import type { LiveMark } from "../live-mark";

/** Pixels of the picture for one on the screen. */
const SHARP = 2;

export interface PlacedSymbol {
  readonly mark: LiveMark;
  readonly at: Cartesian3;
  /** The direction of an arrow, in the world. */
  readonly ahead: Cartesian3 | null;
}

export class LiveSymbols {
  private readonly collection: BillboardCollection;
  private readonly made = new Map<
    string,
    { readonly billboard: Billboard; picture: string; at: Cartesian3 }
  >();

  private readonly pictures = new Map<string, HTMLCanvasElement>();

  constructor(private readonly scene: Scene) {
    this.collection = scene.primitives.add(new BillboardCollection({ scene })) as BillboardCollection;
  }

  set(symbols: readonly PlacedSymbol[]): void {
    const left = new Set(this.made.keys());
    for (const symbol of symbols) {
      const key = `${symbol.mark.layer}/${symbol.mark.id}`;
      left.delete(key);
      this.put(key, symbol);
    }
    for (const key of left) {
      const gone = this.made.get(key);
      if (gone !== undefined) this.collection.remove(gone.billboard);
      this.made.delete(key);
    }
    this.scene.primitives.raiseToTop(this.collection);
  }

  private put(key: string, { mark, at, ahead }: PlacedSymbol): void {
    const picture = symbolKey(mark);
    const known = this.made.get(key);
    if (known === undefined) {
      const billboard = this.collection.add({
        position: at,
        image: this.picture(mark),
        imageId: picture,
        scale: (mark.line === null ? 1 : 0.6) / SHARP,
        alignedAxis: ahead ?? Cartesian3.ZERO,
        disableDepthTestDistance: Number.POSITIVE_INFINITY,
      } as Billboard.ConstructorOptions);
      this.made.set(key, { billboard, picture, at });
      return;
    }
    if (known.picture !== picture) known.billboard.setImage(picture, this.picture(mark) as never);
    if (known.at !== at) known.billboard.position = at;
    known.billboard.alignedAxis = ahead ?? Cartesian3.ZERO;
    known.picture = picture;
    known.at = at;
  }

  private picture(mark: LiveMark): HTMLCanvasElement {
    const key = symbolKey(mark);
    const known = this.pictures.get(key) ?? symbolPicture(mark, SHARP);
    this.pictures.set(key, known);
    return known;
  }
}

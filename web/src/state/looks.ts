/** How each layer looks: the attribute that colours it, how opaque it is, and which of its objects are shown. */

import type { Condition } from "./conditions";
import type { Screen } from "./screen";

export interface LayerLook {
  /** The column that colours it. */
  readonly colour?: string;
  /** From 0.1 to 1; left out is whole. */
  readonly opacity?: number;
  /** Only objects for which all of these hold. */
  readonly where?: readonly Condition[];
}

/** By layer id; a layer without a look of its own is drawn plainly. */
export type Looks = Readonly<Record<string, LayerLook>>;

export function lookOf(screen: Screen, layer: string): LayerLook {
  return Object.hasOwn(screen.looks, layer) ? (screen.looks[layer] ?? {}) : {};
}

/** The looks after a change to one layer; `undefined` takes a part away. */
export function withLook(
  looks: Looks,
  layer: string,
  patch: { readonly [K in keyof LayerLook]?: LayerLook[K] | undefined },
): Looks {
  const before = Object.hasOwn(looks, layer) ? looks[layer] : undefined;
  const parts = Object.entries({ ...before, ...patch }).filter(
    ([key, value]) => value !== undefined && !(key === "where" && (value as readonly unknown[]).length === 0),
  );
  const others = Object.entries(looks).filter(([id]) => id !== layer);
  if (parts.length > 0) others.push([layer, Object.fromEntries(parts)]);
  return Object.fromEntries(others);
}

/** The looks without those of layers that are off. */
export function looksOf(looks: Looks, shown: readonly string[]): Looks {
  return Object.fromEntries(Object.entries(looks).filter(([layer]) => shown.includes(layer)));
}

/** The layers that an attribute colours. */
export function coloured(looks: Looks): readonly { readonly layer: string; readonly column: string }[] {
  return Object.entries(looks).flatMap(([layer, { colour }]) =>
    colour === undefined ? [] : [{ layer, column: colour }],
  );
}

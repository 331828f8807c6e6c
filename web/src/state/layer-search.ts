/** Finding layers by words, and their themes. */

import type { Layer } from "../api/shapes";

export interface Theme {
  /** Its Dutch name, by which the screen knows it. */
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** Themes in the order of their first layer. */
export function themesOf(layers: readonly Layer[]): readonly Theme[] {
  const names = [...new Set(layers.map((layer) => layer.theme.nl))];
  return names.map((name) => ({ name, layers: layers.filter((layer) => layer.theme.nl === name) }));
}

/** The layers in which every word that is asked for begins a word, in either language. */
export function foundLayers(layers: readonly Layer[], asked: string): readonly Layer[] {
  const wanted = wordsOf(asked);
  if (wanted.length === 0) return layers;
  return layers.filter((layer) => {
    const own = wordsOf(textOf(layer));
    return wanted.every((word) => own.some((one) => one.startsWith(word)));
  });
}

/** All that a layer says of itself; also what its columns are called: who seeks “bouwjaar” means buildings. */
function textOf(layer: Layer): string {
  const texts = [layer.title, layer.theme, layer.description, ...layer.columns.map((column) => column.title)];
  return [layer.source, layer.steward, ...texts.flatMap((text) => [text?.nl, text?.en])].join(" ");
}

function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/** The questions of the first screen: only those that this twin's layers can answer now. */

import type { Layer } from "../api/shapes";
import type { Screen } from "./screen";

export type QuestionId = "age" | "nature" | "neighbourhood";

export interface Question {
  readonly id: QuestionId;
  readonly change: Partial<Screen>;
  /** The layers that the answer is about. */
  readonly layers: readonly Layer[];
}

export const AGE_COLUMN = "bouwjaar";

export function questions(layers: readonly Layer[], shown: readonly string[]): readonly Question[] {
  const buildings = layers.filter((layer) => layer.style.role === "building");
  const aged = buildings.find((layer) => (layer.style.classes?.[AGE_COLUMN] ?? []).length > 0);
  const nature = layers.filter((layer) => layer.style.role === "water" || layer.style.role === "park");
  const areas = neighbourhoods(layers);
  const with_ = (extra: readonly Layer[]) => [...new Set([...shown, ...extra.map((layer) => layer.id)])];
  const found: Question[] = [];
  if (aged !== undefined) {
    const looks = { [aged.id]: { colour: AGE_COLUMN } };
    found.push({
      id: "age",
      layers: [aged],
      change: { panel: "explore", looks, layers: with_([aged]), table: null },
    });
  }
  if (nature.length > 0) {
    const change = { panel: "explore", looks: {}, layers: with_(nature), table: null } as const;
    found.push({ id: "nature", layers: nature, change });
  }
  if (areas.length > 0) {
    const change = { panel: "explore", looks: {}, layers: with_(areas), table: null } as const;
    found.push({ id: "neighbourhood", layers: areas, change });
  }
  return found;
}

/** The finest division of the city of which the names can be searched: many small areas, not a few wide ones. */
function neighbourhoods(layers: readonly Layer[]): readonly Layer[] {
  const named = layers.filter((layer) => layer.kind === "areas" && layer.placeKind === "neighbourhood");
  return [...named].sort((one, other) => other.count - one.count).slice(0, 1);
}

/** The layers that are on before anyone chose. */
export function firstLayers(layers: readonly Layer[]): readonly string[] {
  return layers.filter((layer) => layer.style.visible !== false).map((layer) => layer.id);
}

/** What stands beside a suggestion of the search, so that places of the same name can be told apart. */

import type { MapLabel, Place } from "../api/shapes";

/** Kinds that say less than what their layer calls one object: a stop, a plan, a district. */
const VAGUE: ReadonlySet<string> = new Set(["place", "neighbourhood"]);

export interface PlaceWords {
  kind(kind: string): string;
  noun(layer: string): string;
  near(area: string): string;
}

/** For each place in order; `areas` may hold other labels too. */
export function tellingPlaces(
  places: readonly Place[],
  areas: readonly MapLabel[],
  words: PlaceWords,
): readonly string[] {
  const kinds = places.map(({ kind, layer }) => (VAGUE.has(kind) ? words.noun(layer) : words.kind(kind)));
  const name = (n: number) => `${places[n]?.label.toLowerCase()}|${kinds[n]}`;
  return places.map((place, n) => {
    const kind = kinds[n] ?? "";
    const twin = places.some((_, other) => other !== n && name(other) === name(n));
    const area = twin ? nearest(place, areas) : null;
    return area === null ? kind : `${kind}, ${words.near(area)}`;
  });
}

function nearest({ lon, lat }: Place, labels: readonly MapLabel[]): string | null {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const away = (label: MapLabel) => ((label.lon - lon) * shrink) ** 2 + (label.lat - lat) ** 2;
  const areas = labels.filter(({ kind }) => kind === "area");
  return areas.sort((a, b) => away(a) - away(b))[0]?.text ?? null;
}

/** From the screen to what an engine draws. */

import type { Layer } from "../api/shapes";
import { type DrawnLook, PLAIN, type Selection, type Shown, type Side } from "../scene/engine";
import type { LiveMark } from "../scene/live-mark";
import type { Legends } from "./legends";
import { lookOf } from "./looks";
import type { OwnShown } from "./own-files";
import { firstLayers } from "./questions";
import type { Screen } from "./screen";
import { conditionsOn } from "./years";

export function shownOf(
  screen: Screen,
  layers: readonly Layer[],
  legends: Legends,
  selection: Selection | null,
  own: readonly OwnShown[] = [],
  live: readonly LiveMark[] = [],
): Shown {
  const shown = screen.layers ?? firstLayers(layers);
  const side = (ids: readonly string[], year: number | null): Side => ({
    layers: new Set(ids),
    looks: new Map(
      layers.flatMap((layer) => {
        const look = ids.includes(layer.id) ? drawnLook(screen, layer, year, legends) : PLAIN;
        return look === PLAIN ? [] : [[layer.id, look] as const];
      }),
    ),
  });
  const { swipe } = screen;
  const right = swipe === null ? null : side(swipe.layers ?? shown, swipe.year ?? screen.year);
  return {
    ...side(shown, screen.year),
    selection,
    base: screen.base,
    underground: screen.underground,
    depthM: screen.depthM,
    groundOpacity: screen.groundOpacity,
    walking: screen.walking,
    sun: screen.sun,
    swipe: swipe === null || right === null ? null : { at: swipe.at, right },
    sketch: screen.sketch,
    own,
    live,
  };
}

/** The same, with what has not changed as the objects it was before: an engine then knows what to leave alone. */
export function keeping(before: Shown | null, now: Shown): Shown {
  if (before === null) return now;
  const side = (old: Side, one: Side): Side => ({
    layers: sameSet(old.layers, one.layers) ? old.layers : one.layers,
    looks: JSON.stringify([...old.looks]) === JSON.stringify([...one.looks]) ? old.looks : one.looks,
  });
  const { swipe } = now;
  const right =
    swipe === null || before.swipe === null ? swipe?.right : side(before.swipe.right, swipe.right);
  return {
    ...now,
    ...side(before, now),
    swipe: swipe === null || right === undefined ? null : { at: swipe.at, right },
  };
}

/** What is shown at this share of the width of the map. */
export function sideAt({ swipe, ...left }: Shown, share: number): Side {
  return swipe !== null && share > swipe.at ? swipe.right : left;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function drawnLook(screen: Screen, layer: Layer, year: number | null, legends: Legends): DrawnLook {
  const look = lookOf(screen, layer.id);
  const column = look.colour ?? "";
  const classes = column === "" ? null : legends.classes({ layer: layer.id, column });
  const where = conditionsOn(screen, layer, year);
  const opacity = look.opacity ?? 1;
  if (classes === null && opacity === 1 && where.length === 0) return PLAIN;
  return { column: classes === null ? "" : column, classes: classes ?? [], opacity, where };
}

/** The colour and the form of each class of a live layer: around its norm, or from light to dark. */

import { ABOVE_NORM, AMOUNTS, BELOW_NORM, LIVE } from "../drawing/palette";
import type { LiveLayer } from "./shapes";

export interface ClassLook {
  readonly colour: string;
  /** At or above the norm: then it has another form as well. */
  readonly above: boolean;
}

export function classLooks({ classes, norm }: Pick<LiveLayer, "classes" | "norm">): readonly ClassLook[] {
  const above = classes.map(({ from }) => norm !== null && from !== null && from >= norm.limit);
  if (!above.includes(true)) {
    return classes.map((_, n) => ({ colour: along(AMOUNTS, n, classes.length), above: false }));
  }
  const low = above.indexOf(true);
  return classes.map((_, n) =>
    n < low
      ? { colour: along(BELOW_NORM, n, low), above: false }
      : { colour: along(ABOVE_NORM, n - low, classes.length - low), above: true },
  );
}

/** What has a value but no class: a place, or something that no legend divides. */
export const NO_CLASS: ClassLook = { colour: LIVE.place, above: false };

/** The n-th of so many steps along a ramp. */
function along(ramp: readonly string[], n: number, steps: number): string {
  const at = steps < 2 ? (ramp.length - 1) / 2 : (n / (steps - 1)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  return mixed(ramp[low] ?? LIVE.place, ramp[low + 1] ?? LIVE.place, at - low);
}

function mixed(a: string, b: string, share: number): string {
  const parts = [1, 3, 5].map((n) => {
    const [from, to] = [a, b].map((colour) => Number.parseInt(colour.slice(n, n + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

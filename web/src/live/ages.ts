/** How old a value is now. It goes on counting here: an age that stands still would be a lie. */

import type { Value } from "./feed";
import type { LiveFeature, LiveLayer } from "./shapes";

type Limit = Pick<LiveLayer, "countsFrom" | "staleAfterS">;

/** Seconds, by the clock of its source; null without a value. In a recording time may stand still. */
export function ageOf({ feature, received }: Value, now: number, recorded: boolean): number | null {
  const { ageS } = feature.properties;
  if (ageS === null || ageS === undefined) return null;
  return recorded ? ageS : ageS + Math.max(0, now - received) / 1000;
}

/** Whether a value is too old to be shown as current: as the server said, or since. */
export function isStale(
  value: Value,
  now: number,
  { countsFrom, staleAfterS }: Limit,
  recorded: boolean,
): boolean {
  const { properties } = value.feature;
  if (properties.stale) return true;
  // Whether its source still tells of it is known at the moment of an answer only.
  if (countsFrom === "told") return now - value.received > staleAfterS * 1000;
  const left = leftS(value.feature);
  if (left === null || recorded) return false;
  return now - value.received > left * 1000;
}

/** Seconds between the answer and the moment that the value is too old. */
function leftS({ properties: { expires, phenomenon, ageS } }: LiveFeature): number | null {
  if (!expires || !phenomenon || ageS == null) return null;
  const left = (Date.parse(expires) - Date.parse(phenomenon)) / 1000 - ageS;
  return Number.isFinite(left) ? left : null;
}

/** What time it was for its source at the moment of the answer, in milliseconds. */
export function sourceNow({ properties: { phenomenon, ageS } }: LiveFeature): number | null {
  if (!phenomenon || ageS == null) return null;
  const at = Date.parse(phenomenon) + ageS * 1000;
  return Number.isFinite(at) ? at : null;
}

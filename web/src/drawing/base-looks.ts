/** What each base map shows of the ground, and in which inks. */

import type { BaseMap, FlatRole } from "../api/shapes";
import { LABEL, LABEL_CONTRAST, type LabelInk } from "./palette";

/** The twin's own; they ask nothing of another host. */
export const OWN_BASES = ["paper", "contrast", "plain"] as const;

export function isOwnBase(base: string): boolean {
  return (OWN_BASES as readonly string[]).includes(base);
}

/** An address may name a base map that this twin has not, or no longer: then it is paper. */
export function knownBase(base: string, others: readonly BaseMap[]): string {
  return isOwnBase(base) || others.some((one) => one.id === base) ? base : OWN_BASES[0];
}

const ALL_GROUND: readonly FlatRole[] = ["land", "street", "path", "park", "water"];
/** Land and water are left. */
const NOT_PLAIN: readonly FlatRole[] = ["street", "path", "park"];

/**
 * Parts of the ground that a base map leaves out: "plain" all but land and water, a map from elsewhere
 * everything, because it shows the ground itself. What has data colours or conditions is drawn all the same.
 */
export function leftOut(base: string, role: FlatRole): boolean {
  if (base === "plain") return NOT_PLAIN.includes(role);
  return !isOwnBase(base) && ALL_GROUND.includes(role);
}

export function labelInk(base: string): LabelInk {
  return base === "contrast" || !isOwnBase(base) ? LABEL_CONTRAST : LABEL;
}

/** Without streets their names would hang in the air; a map from elsewhere has names of its own. */
export function namesStreets(base: string): boolean {
  return base === "paper" || base === "contrast";
}

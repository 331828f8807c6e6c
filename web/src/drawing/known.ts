/** Values as a condition looks at them: what means "unknown" at the source is no value. */

import type { Layer } from "../api/shapes";
import { allHold, type Condition } from "../state/conditions";

/** Whether an object of a layer, as the API gives it, is shown under these conditions. */
export function isShown(
  layer: Layer,
  where: readonly Condition[],
  properties: Readonly<Record<string, unknown>>,
): boolean {
  if (where.length === 0) return true;
  const known = where.map(({ column }) => {
    const missing = layer.columns.find((one) => one.name === column)?.missing ?? [];
    const value = properties[column];
    return [column, missing.some((one) => one === value) ? null : value] as const;
  });
  return allHold(where, Object.fromEntries(known));
}

/** Look below the ground. */

import { hasUnderground, turnedUnderground } from "../../state/underground";
import type { MapTool } from "../map-tools";

export const undergroundTool: MapTool = {
  id: "underground",
  icon: "underground",
  label: "map.underground",
  place: "column",
  offered: ({ layers }) => hasUnderground(layers),
  pressed: ({ screen }) => screen.underground,
  press: ({ screen, layers, change }) => change(turnedUnderground(screen, layers)),
};

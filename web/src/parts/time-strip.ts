/** The strip below the map: the bar of years while that is open, else that of live measurements while any is on. */

import type { LitElement, TemplateResult } from "lit";
import { nothing } from "lit";
import type { ToolContext } from "./map-tools";
import { timeBar } from "./time-bar";
import { opensTime, timeIsOpen } from "./tools/time";

export function timeStrip(context: ToolContext): TemplateResult | typeof nothing {
  return timeIsOpen(context) ? timeBar(context) : (context.live.part?.bar(context) ?? nothing);
}

interface Steps extends HTMLElement {
  step(steps: number): void;
}

/** Earlier or later on the bar that is there; the bar of years opens by itself for its keys. */
export async function stepTime(app: LitElement, context: () => ToolContext, steps: number): Promise<void> {
  const now = context();
  if (now.screen.table !== null) return;
  const measured = !timeIsOpen(now) && now.screen.live.length > 0;
  if (!measured && !opensTime(now)) return;
  await app.updateComplete;
  app.querySelector<Steps>("tw-time-bar, tw-moment-bar")?.step(steps);
}

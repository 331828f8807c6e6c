/** Fetches what a section needs, once it is clear which line is meant, and keeps the last one. */

import { MOST_SAMPLES, samplesAlong } from "../../measure/along";
import { blocksOn, heightColumns, type Profile } from "../../measure/profile";
import type { Sketch } from "../../state/screen";
import type { ToolContext } from "../map-tools";
import { boxOf, MOST_CANDIDATES } from "./region-counts";

export interface ProfileState {
  readonly busy: boolean;
  readonly failed: boolean;
  /** Of the line before while a new one is on its way. */
  readonly profile: Profile | null;
  /** The layer of measured ground; null when the twin has none. */
  readonly terrain: string | null;
}

/** Points may follow each other fast. */
const WAIT_MS = 350;
const NOTHING: ProfileState = { busy: false, failed: false, profile: null, terrain: null };

let asked = "";
let state: ProfileState = NOTHING;
let timer = 0;

/** What is known of the section of this line; asks for it when that was not done yet. */
export function profileState(context: ToolContext, sketch: Sketch): ProfileState {
  const of = JSON.stringify([sketch.points, context.shown]);
  if (sketch.points.length < 2) return NOTHING;
  if (of !== asked) {
    asked = of;
    state = { ...state, busy: true, failed: false };
    clearTimeout(timer);
    timer = window.setTimeout(() => void load(context, sketch, of), WAIT_MS);
  }
  return state;
}

/** Ask once more, after a failure. */
export function askAgain(context: ToolContext): void {
  asked = "";
  context.redraw();
}

async function load(context: ToolContext, sketch: Sketch, of: string): Promise<void> {
  let found: ProfileState;
  try {
    found = await fetched(context, sketch);
  } catch {
    found = { ...NOTHING, failed: true };
  }
  if (of !== asked) return;
  state = found;
  context.redraw();
}

async function fetched(context: ToolContext, { points }: Sketch): Promise<ProfileState> {
  const samples = samplesAlong(points).slice(0, MOST_SAMPLES);
  const layers = context.layers.flatMap((layer) => {
    const columns = context.shown.includes(layer.id) ? heightColumns(layer) : null;
    return columns === null ? [] : [{ id: layer.id, columns }];
  });
  const [heights, ...found] = await Promise.all([
    context.client.heights(samples),
    ...layers.map(async ({ id, columns }) =>
      blocksOn(points, await context.client.featuresIn(id, boxOf(points), MOST_CANDIDATES), columns),
    ),
  ]);
  const profile: Profile = {
    totalM: samples.at(-1)?.alongM ?? 0,
    ground: samples.map((sample, n) => ({ ...sample, napM: heights.heights[n]?.napM ?? null })),
    blocks: found.flatMap((one) => one.blocks).sort((a, b) => a.fromM - b.fromM),
    unknown: found.reduce((sum, one) => sum + one.unknown, 0),
  };
  return { busy: false, failed: false, profile, terrain: heights.layer };
}

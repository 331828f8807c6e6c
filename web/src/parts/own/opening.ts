/** Opens the files that a visitor chose or dropped, one after another. What reads them is fetched only now. */

import type { OwnPlacing } from "../../drawing/own-shapes";
import type { OwnLayer } from "../../own/own-layer";
import type { ToolContext } from "../map-tools";

/** What became of one file: the layer that it is now, or why it was refused. */
export interface Answer {
  readonly text: string;
  /** Null when it was refused. */
  readonly layer: string | null;
}

export const OWN_TOOL = "own";

/** The file that is being read; null while none is. */
let reading: string | null = null;
let stop: AbortController | null = null;
let answered: readonly Answer[] = [];

export function isReading(): string | null {
  return reading;
}

/** Of the files that were chosen last. */
export function answers(): readonly Answer[] {
  return answered;
}

/** A file that is gone is not said to be open. */
export function forget(layer: string): void {
  answered = answered.filter((one) => one.layer !== layer);
}

export function stopReading(): void {
  stop?.abort();
}

/** A second set of files waits for nothing: while one is read, others are refused. */
export async function openFiles(
  context: ToolContext,
  files: readonly File[],
  swapped = false,
): Promise<void> {
  if (reading !== null || files.length === 0) return;
  context.open(OWN_TOOL);
  answered = [];
  stop = new AbortController();
  try {
    for (const file of files) {
      if (stop.signal.aborted) break;
      reading = file.name;
      context.redraw();
      await openOne(context, file, swapped, stop.signal);
    }
  } finally {
    reading = null;
    context.redraw();
  }
}

async function openOne(
  context: ToolContext,
  file: File,
  swapped: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { say } = context.words;
  if (context.own.full) {
    refuse(context, file.name, say("own.full"));
    return;
  }
  const door = await import("../../own/open-in-worker").catch(() => null);
  if (door === null) {
    refuse(context, file.name, say("own.not-loaded"));
    return;
  }
  const { OwnError, openOwnFile, refusalInWords } = door;
  try {
    const id = context.own.nextId();
    const layer = await openOwnFile(file, { layer: id, swapped }, signal);
    context.own.add(id, layer, await placingFor(context, layer));
    const count = context.words.number(layer.counted.taken);
    answer(context, { text: say("own.opened", { title: layer.title, count }), layer: id });
  } catch (error) {
    if (!(error instanceof OwnError)) throw error;
    refuse(context, file.name, refusalInWords(error, context.words));
  }
}

/** A model without a place of its own starts on the ground in the middle of the map, or where its file hints at. */
async function placingFor(context: ToolContext, layer: OwnLayer): Promise<OwnPlacing | null> {
  if (layer.model?.form !== "glb" || layer.model.placing.by === "file") return null;
  const { lon, lat } = layer.model.placing.proposal ?? context.screen.camera ?? context.twin.centre;
  // Where the ground is not known, or the server is out of reach, NAP zero is as good as any height.
  const found = await context.client.heights([{ lon, lat }]).catch(() => null);
  return { lon, lat, napM: found?.heights[0]?.napM ?? 0, headingDeg: 0 };
}

function refuse(context: ToolContext, name: string, why: string): void {
  answer(context, { text: `${name}: ${why}`, layer: null });
}

/** Read aloud, and shown: on a phone the sheet may have been moved on from the field. */
function answer(context: ToolContext, one: Answer): void {
  answered = [...answered, one];
  context.tell(one.text);
  context.redraw();
  requestAnimationFrame(() =>
    document.querySelector("tw-app .own-answers")?.scrollIntoView({ block: "nearest" }),
  );
}

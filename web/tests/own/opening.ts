/** Small files made for a test, opened as a reader would. */

import { openOwn } from "../../src/own/open";
import { type Facts, OwnError } from "../../src/own/own-error";
import type { OwnLayer, OwnOptions } from "../../src/own/own-layer";

export function bytesOf(content: string | object): Uint8Array<ArrayBuffer> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return new Uint8Array(new TextEncoder().encode(text));
}

export function open(name: string, content: string | object, options: OwnOptions = {}): Promise<OwnLayer> {
  return openOwn({ name, bytes: content instanceof Uint8Array ? asOwn(content) : bytesOf(content) }, options);
}

function asOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** Why a file is refused; fails when it is not, or when it breaks in another way. */
export async function refusal(name: string, content: string | object): Promise<string> {
  return (await refusalWithFacts(name, content)).reason;
}

export async function refusalWithFacts(
  name: string,
  content: string | object,
): Promise<{ reason: string; facts: Facts }> {
  try {
    await open(name, content);
  } catch (error) {
    if (error instanceof OwnError) return { reason: error.reason, facts: error.facts };
    throw error;
  }
  throw new Error(`${name} was taken`);
}

export function leftOf(layer: OwnLayer): Record<string, number> {
  return Object.fromEntries(layer.counted.leftOut.map(({ reason, count }) => [reason, count]));
}

export function notesOf(layer: OwnLayer): string[] {
  return layer.notes.map(({ code }) => code).sort();
}

/** Metres between two places that are near each other. */
export function apart(one: readonly number[], other: readonly number[]): number {
  const degree = 111_200;
  const east = ((one[0] ?? 0) - (other[0] ?? 0)) * Math.cos(((one[1] ?? 0) * Math.PI) / 180);
  return degree * Math.hypot(east, (one[1] ?? 0) - (other[1] ?? 0));
}

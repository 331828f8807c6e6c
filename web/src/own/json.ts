/** JSON of an unknown sender: as UTF-8, not too deep, and nothing that reaches a prototype. */

import { LIMITS } from "./limits";
import { OwnError } from "./own-error";

export type JsonObject = Readonly<Record<string, unknown>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const NOT_A_NUMBER = /-?\b(?:NaN|Infinity)\b/g;

/**
 * The value of a JSON text. Depth is counted before the browser's own parser, which may run out of stack.
 * NaN and Infinity, which some programs write although JSON has no such numbers, become null.
 * Raises OwnError `encoding`, `json` or `json-deep`.
 */
export function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (deepest(bytes) > LIMITS.jsonDepth) throw new OwnError("json-deep", { limit: LIMITS.jsonDepth });
  const text = utf8(bytes);
  return parsed(text) ?? parsed(withoutNotANumber(text)) ?? refuse();
}

/** Undefined for what is no JSON, and for `null`, which is no file either. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refuse(): never {
  throw new OwnError("json");
}

/** Outside its texts only: a name "NaN" stays. */
function withoutNotANumber(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('"', at);
    parts.push(text.slice(at, open < 0 ? text.length : open).replaceAll(NOT_A_NUMBER, "null"));
    if (open < 0) break;
    at = endOfText(text, open);
    parts.push(text.slice(open, at));
  }
  return parts.join("");
}

function endOfText(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** Text in UTF-8, without a byte order mark. */
export function utf8(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new OwnError("encoding");
  }
}

/** How many brackets are open at once, at most; a text that is no JSON has a depth too. */
export function deepest(bytes: Uint8Array<ArrayBuffer>): number {
  let depth = 0;
  let most = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > most) most = depth;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return most;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of its own, never one of the prototype. */
export function member(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

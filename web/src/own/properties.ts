/** Attributes as somebody else named them, made plain: short text, finite numbers, true, false or nothing. */

import type { Column } from "../api/shapes";
import { isObject } from "./json";
import { LIMITS } from "./limits";
import type { Taking } from "./taking";

export type Plain = string | number | boolean | null;
export type Properties = Readonly<Record<string, Plain>>;

/** Names that reach the prototype of an object when some program copies it. */
const UNSAFE = new Set(["__proto__", "constructor", "prototype"]);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TITLES = [
  "naam",
  "name",
  "titel",
  "title",
  "label",
  "omschrijving",
  "description",
  "identificatie",
  "id",
];

type ColumnType = "text" | "integer" | "number" | "boolean" | "date";

/** Reads the attributes of one object after another and learns which columns there are. */
export class Attributes {
  /** By name; null while only empty values were seen. */
  private readonly types = new Map<string, ColumnType | null>();
  private readonly refused = new Set<string>();

  constructor(private readonly taking: Taking) {}

  read(value: unknown): Properties {
    if (!isObject(value)) return {};
    const kept: [string, Plain][] = [];
    for (const [name, found] of Object.entries(value)) {
      if (!this.knows(name)) continue;
      const plain = this.plain(found);
      this.types.set(name, merged(this.types.get(name) ?? null, typeOf(plain)));
      kept.push([name, plain]);
    }
    return Object.fromEntries(kept);
  }

  get columns(): readonly Column[] {
    return [...this.types].map(([name, type]) => ({ name, title: { nl: name }, type: type ?? "text" }));
  }

  /** What a person would call this object, when a column tells. */
  titleOf(properties: Properties): string {
    const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
    for (const title of TITLES) {
      const value = properties[names.get(title) ?? ""];
      if (typeof value === "number" || (typeof value === "string" && value.trim() !== ""))
        return String(value);
    }
    return "";
  }

  private knows(name: string): boolean {
    if (this.types.has(name)) return true;
    if (this.refused.has(name)) return false;
    const unsafe = UNSAFE.has(name) || name.length > LIMITS.nameLength;
    if (!unsafe && this.types.size < LIMITS.columns) return true;
    if (this.refused.size < LIMITS.columns) this.refused.add(name);
    this.taking.count(unsafe ? "names-left-out" : "columns-left-out");
    return false;
  }

  private plain(value: unknown): Plain {
    if (typeof value === "boolean" || value === null) return value;
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    if (value === undefined) return null;
    const text = typeof value === "string" ? value : written(value);
    if (text.length <= LIMITS.textLength) return text;
    this.taking.count("text-cut");
    return text.slice(0, LIMITS.textLength);
  }
}

function written(value: unknown): string {
  const simple = Array.isArray(value) && value.every((each) => typeof each !== "object");
  return simple ? value.join(", ") : JSON.stringify(value);
}

function typeOf(value: Plain): ColumnType | null {
  if (value === null || value === "") return null;
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return DATE.test(value) ? "date" : "text";
}

function merged(one: ColumnType | null, other: ColumnType | null): ColumnType | null {
  if (one === null || other === null || one === other) return one ?? other;
  const numbers = (one === "integer" || one === "number") && (other === "integer" || other === "number");
  return numbers ? "number" : "text";
}

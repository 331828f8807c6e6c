/** What the server answers about live measurements. Field names are the API's own. */

import type { Geometry, Text } from "../api/shapes";

export type SourceState = "fresh" | "late" | "silent" | "failing" | "changed" | "off";

export interface LiveSource {
  readonly id: string;
  readonly title: Text;
  readonly publisher: string;
  readonly licence: string;
  /** The date of a recording that is played back; null for what is measured now. */
  readonly recording: string | null;
  readonly invented: boolean;
  readonly state: SourceState;
  /** Why it does not come in, in one sentence; "" when it does. */
  readonly failure: string;
}

/** From `from` (included) to `to` (excluded); null is without a bound. */
export interface LiveClass {
  readonly from: number | null;
  readonly to: number | null;
  readonly label: Text;
  /** Of codes and of yes or no. */
  readonly value?: string | null;
}

export interface LiveNorm {
  readonly name: Text;
  readonly limit: number;
  readonly period: string;
}

export type LiveSymbol = "dot" | "line" | "sign";

export interface LiveProperty {
  readonly id: string;
  readonly title: Text;
  readonly unit: string;
  readonly classes: readonly LiveClass[];
  readonly norm: LiveNorm | null;
}

export interface LiveLayer {
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  readonly theme: Text;
  readonly symbol: LiveSymbol;
  /** What colours and labels it, in words; empty for places without a value. */
  readonly observed: Text | null;
  readonly unit: string;
  readonly classes: readonly LiveClass[];
  readonly norm: LiveNorm | null;
  /** All that it can show, in order of choice. */
  readonly properties: readonly LiveProperty[];
  readonly staleAfterS: number;
  /** Whether a value is too old by its own age, or when its source falls silent. */
  readonly countsFrom: "measured" | "told";
  readonly sources: readonly LiveSource[];
  readonly count: number;
}

export interface LiveList {
  readonly version: number;
  readonly layers: readonly LiveLayer[];
}

/** In the language that was asked for, or in both. */
export type Told = string | Text;

export type ValueQuality = "good" | "unchecked" | "suspect" | "fail" | "missing";

export interface LiveProperties {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly value: number | string | boolean | null;
  /** The value in words, with its unit. */
  readonly text: Told;
  /** The value itself in words, whatever its age; `text` says of an old one that there is no recent one. */
  readonly words?: Told;
  readonly phenomenon: string | null;
  /** By the clock of its source: when the value will be too old, where that can be known. */
  readonly expires?: string | null;
  /** By the clock of its source, at the moment of the answer; null without a value. */
  readonly ageS: number | null;
  readonly stale: boolean;
  readonly quality: ValueQuality;
  readonly source: string;
  readonly heading?: number | null;
  /** The number of its class; null for none. */
  readonly class?: number | null;
}

export interface LiveFeature {
  readonly id?: string;
  readonly geometry: Geometry | null;
  readonly properties: LiveProperties;
}

export interface LiveAnswer {
  readonly version: number;
  readonly features: readonly LiveFeature[];
  /** False: only what has changed since `after`. */
  readonly complete?: boolean;
  /** Since `after`: what is no longer there. */
  readonly removed?: readonly string[];
}

/** West, south, east and north in degrees. */
export type Box = readonly [number, number, number, number];

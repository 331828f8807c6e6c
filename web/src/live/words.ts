/** Ages, moments and the state of a source, in words. */

import type { Say, Words } from "../words/words";
import type { LiveLayer, LiveSource } from "./shapes";

const AGES: readonly (readonly [below: number, size: number, name: string])[] = [
  [60, 60, "now"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [60 * 86_400, 86_400, "day"],
  [2 * 31_557_600, 2_629_800, "month"],
  [Number.POSITIVE_INFINITY, 31_557_600, "year"],
];

/** “zojuist”, “12 minuten geleden”: as the pages of the server say it. */
export function ageWords(say: Say, seconds: number): string {
  const [, size, name] = AGES.find(([below]) => seconds < below) ?? [0, 31_557_600, "year"];
  const count = Math.floor(Math.max(0, seconds) / size);
  return say(`measured.age.${name}${name !== "now" && count === 1 ? "-one" : ""}`, { count });
}

/** Of a recording that is no age by our own clock, and it says so. */
export function recordedAge(say: Say, seconds: number): string {
  return say("point.age.recorded", { age: ageWords(say, seconds) });
}

/** Whether nothing of a layer is measured now. */
export function isPlayed({ sources }: Pick<LiveLayer, "sources">): boolean {
  return sources.length > 0 && sources.every(({ recording, invented }) => recording !== null || invented);
}

/** “dinsdag 24 november 2026 14:00”, in the time of the Netherlands. */
export function momentWords(
  words: Words,
  moment: string | number,
  weekday: "long" | "short" = "long",
): string {
  const english = words.language === "en";
  return new Intl.DateTimeFormat(english ? "en-GB" : "nl-NL", {
    weekday,
    day: "numeric",
    month: weekday,
    ...(weekday === "long" ? { year: "numeric" } : {}),
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Amsterdam",
  }).format(new Date(moment));
}

/** “14:05”. */
export function timeWords(words: Words, at: number): string {
  const language = words.language === "en" ? "en-GB" : "nl-NL";
  return new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Amsterdam",
  }).format(new Date(at));
}

export interface LayerMark {
  readonly kind: "live" | "recording" | "invented";
  readonly text: string;
}

/** What the values of a layer are: measured now, a recording, or invented. More than one where sources differ. */
export function marksOfLayer(words: Words, { sources }: LiveLayer): readonly LayerMark[] {
  const marks = sources.map(({ recording, invented }): LayerMark => {
    if (invented) return { kind: "invented", text: words.say("map.live.invented") };
    if (recording === null) return { kind: "live", text: words.say("map.live.live") };
    return { kind: "recording", text: words.say("map.live.recording", { date: words.date(recording) }) };
  });
  const texts = [...new Set(marks.map(({ text }) => text))];
  return texts.map((text) => marks.find((mark) => mark.text === text) as LayerMark);
}

/** How a source that is not fresh is doing; "" for one that is. */
export function sourceState(words: Words, source: LiveSource): string {
  if (source.state === "fresh") return "";
  const said = words.say(`map.live.state.${source.state}`, { source: words.text(source.title) });
  return source.failure === "" ? said : `${said} ${source.failure}`;
}

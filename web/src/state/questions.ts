/** The questions of the first screen, and which layers of this twin bear on them now. */

import type { Column, Layer } from "../api/shapes";
import type { Looks } from "./looks";
import type { Screen } from "./screen";

/** Layers say for themselves (`questions` in twin.toml) on which of these they bear. */
export const MAIN_QUESTIONS = ["air", "groundwater", "traffic", "nearby", "plans", "energy"] as const;
export type MainQuestion = (typeof MAIN_QUESTIONS)[number];
export type QuestionId = MainQuestion | "age" | "nature" | "neighbourhood";

export interface Question {
  readonly id: QuestionId;
  readonly change: Partial<Screen>;
  /** The layers that the answer is about. */
  readonly layers: readonly Layer[];
  /** The layers of live measurements that it is about. */
  readonly live: readonly string[];
  /** The Dutch names of the themes of all of these. */
  readonly themes: readonly string[];
}

/** One of the six; without a question when no layer of this twin bears on it. */
export interface Asked {
  readonly id: MainQuestion;
  readonly question: Question | null;
}

export const AGE_COLUMN = "bouwjaar";

/** The live layers that bear on a question, where the twin has them. */
const MEASURED_FOR: Partial<Record<MainQuestion, readonly string[]>> = {
  air: ["lucht"],
  groundwater: ["grondwater"],
  traffic: ["verkeer", "incidenten"],
  energy: ["energie"],
};

/** What can be answered comes first. */
export function mainQuestions(
  layers: readonly Layer[],
  shown: readonly string[],
  measured: readonly Pick<Layer, "id" | "theme">[] = [],
): readonly Asked[] {
  const all = MAIN_QUESTIONS.map((id): Asked => {
    const about = layers.filter((layer) => layer.count > 0 && (layer.questions ?? []).includes(id));
    const live = measured.filter((layer) => MEASURED_FOR[id]?.includes(layer.id));
    if (about.length + live.length === 0) return { id, question: null };
    const looks = Object.fromEntries(about.flatMap(ownColours));
    const choices = live.map((layer) => ({ layer: layer.id, observed: "" }));
    const now = choices.length === 0 ? {} : { live: choices, moment: null };
    const change = { ...showing(about, shown, looks), ...now };
    const names = live.map((layer) => layer.id);
    return {
      id,
      question: { id, layers: about, live: names, themes: themesOf([...live, ...about]), change },
    };
  });
  return [...all.filter((one) => one.question !== null), ...all.filter((one) => one.question === null)];
}

/** What the layers themselves can answer without saying so: only those that can be answered. */
export function questions(layers: readonly Layer[], shown: readonly string[]): readonly Question[] {
  const buildings = layers.filter((layer) => layer.style.role === "building");
  const aged = buildings.find((layer) => (layer.style.classes?.[AGE_COLUMN] ?? []).length > 0);
  const nature = layers.filter((layer) => layer.style.role === "water" || layer.style.role === "park");
  const areas = neighbourhoods(layers);
  const found: Question[] = [];
  if (aged !== undefined) {
    const looks = { [aged.id]: { colour: AGE_COLUMN } };
    found.push({ id: "age", ...about([aged]), change: showing([aged], shown, looks) });
  }
  if (nature.length > 0) found.push({ id: "nature", ...about(nature), change: showing(nature, shown, {}) });
  if (areas.length > 0)
    found.push({ id: "neighbourhood", ...about(areas), change: showing(areas, shown, {}) });
  return found;
}

function about(layers: readonly Layer[]): Pick<Question, "layers" | "live" | "themes"> {
  return { layers, live: [], themes: themesOf(layers) };
}

function themesOf(layers: readonly Pick<Layer, "theme">[]): readonly string[] {
  return [...new Set(layers.map((layer) => layer.theme.nl))];
}

/** The screen with these layers beside those that are on. */
function showing(about: readonly Layer[], shown: readonly string[], looks: Looks): Partial<Screen> {
  const layers = [...new Set([...shown, ...about.map((layer) => layer.id)])];
  return { panel: "explore", looks, layers, table: null };
}

/** A layer is shown with the legend that the twin made for it; areas without one with their first facts. */
function ownColours(layer: Layer): readonly (readonly [string, { readonly colour: string }])[] {
  if (layer.kind === "tubes") return [];
  const [own] = Object.keys(layer.style.classes ?? {});
  // Of a text nobody says what it means: its legend would be one of abbreviations.
  const tells = ({ type, term }: Column) => type !== "text" && !IS_A_DATE.has(term ?? "");
  const telling = layer.columns.find((column) => column.colourable === true && tells(column));
  const colour = own ?? (layer.kind === "areas" ? telling?.name : undefined);
  return colour === undefined ? [] : [[layer.id, { colour }]];
}

/** Terms of the vocabulary that say when a value holds, and nothing about the object. */
const IS_A_DATE: ReadonlySet<string> = new Set(["jaar", "peildatum"]);

/** The finest division of the city of which the names can be searched: many small areas, not a few wide ones. */
function neighbourhoods(layers: readonly Layer[]): readonly Layer[] {
  const named = layers.filter((layer) => layer.kind === "areas" && layer.placeKind === "neighbourhood");
  return [...named].sort((one, other) => other.count - one.count).slice(0, 1);
}

/** Seen from how much further away than at the start: what is spread over the city is not around the corner. */
export function furtherFor(id: QuestionId): number {
  if (id === "age") return 1;
  return id === "nature" || id === "neighbourhood" || id === "nearby" ? 1.5 : 3;
}

/** The layers that are on before anyone chose. */
export function firstLayers(layers: readonly Layer[]): readonly string[] {
  return layers.filter((layer) => layer.style.visible !== false).map((layer) => layer.id);
}

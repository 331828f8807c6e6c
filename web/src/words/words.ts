/** The screen's words, from the same catalogue as the server's pages. */

import type { Language, Layer, Text } from "../api/shapes";

/** As the server orders them. */
const PLACE_KINDS = ["street", "address", "neighbourhood", "park", "water", "building", "place"];

export type Messages = Readonly<Record<string, string>>;

export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export class Words {
  constructor(
    readonly language: Language,
    private readonly messages: Messages,
  ) {}

  /** The message with its `{names}` filled in. An unknown key shows itself, so that it is noticed. */
  readonly say: Say = (key, values = {}) => {
    const message = this.messages[key] ?? key;
    return message.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };

  text(text: Text | undefined): string {
    if (text === undefined) return "";
    return this.language === "en" ? text.en || text.nl : text.nl;
  }

  /** What can be searched for: "straat, buurt of water". In the order of `PLACE_KINDS`. */
  placeKinds(kinds: readonly string[]): string {
    const there = PLACE_KINDS.filter((kind) => kinds.includes(kind));
    const words = (there.length > 0 ? there : ["place"]).map((kind) => this.say(`map.place.${kind}`));
    const last = words.at(-1) ?? "";
    const first = words.slice(0, -1).join(", ");
    return first === "" ? last : this.say("page.search.or", { first, last });
  }

  /** "1 gebouw", "474 gebouwen". */
  counted(count: number, noun: Layer["noun"]): string {
    return this.text(count === 1 ? noun.one : noun.many);
  }

  /** "2026-04-01" or "2026-04" as a person writes it; a year alone, or anything else, stays as it is. */
  date(text: string): string {
    if (!/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return text;
    const whole = text.length > 7;
    const day = new Date(`${text}${whole ? "" : "-01"}T12:00:00Z`);
    if (Number.isNaN(day.getTime())) return text;
    return new Intl.DateTimeFormat(this.language === "en" ? "en-GB" : "nl-NL", {
      ...(whole ? { day: "numeric" } : {}),
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    }).format(day);
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.language === "en" ? "en-GB" : "nl-NL").format(value);
  }
}

/** Only the catalogue of the page's own language is fetched. */
export async function loadWords(language: Language): Promise<Words> {
  const messages: { default: Messages } =
    language === "en"
      ? await import("../../../tweestad/i18n/en.json")
      : await import("../../../tweestad/i18n/nl.json");
  return new Words(language, messages.default);
}

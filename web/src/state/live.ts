/** What the document says of live measurements: which layers are on, of which moment, and which point is chosen. */

const LAYER_ID = /^[a-z][a-z0-9-]{0,62}$/;
const CHOICE = /^([a-z][a-z0-9-]{0,62})(?::([a-z][a-z0-9-]{0,62}))?$/;
/** More at once nobody can tell apart on a map. */
export const MOST_LIVE = 8;
/** The layer of a chosen measuring point: it may be in more than one list. Its page is `/meetpunt/{id}`. */
export const MEASURED = "meetpunt";
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)Z$/;
const TABLE = "live/";

/** A live layer that is on, and what it shows; "" is its own first choice. */
export interface LiveChoice {
  readonly layer: string;
  readonly observed: string;
}

/** `lucht:no2,verkeer`: each layer once. */
export function readLive(text: string | null): readonly LiveChoice[] {
  const found = new Map<string, LiveChoice>();
  for (const part of (text ?? "").split(",")) {
    const [, layer = "", observed = ""] = CHOICE.exec(part) ?? [];
    if (layer !== "" && !found.has(layer)) found.set(layer, { layer, observed });
  }
  return [...found.values()].slice(0, MOST_LIVE);
}

export function writeLive(live: readonly LiveChoice[]): string {
  return live.map(({ layer, observed }) => (observed === "" ? layer : `${layer}:${observed}`)).join(",");
}

export function isOn(live: readonly LiveChoice[], layer: string): boolean {
  return live.some((one) => one.layer === layer);
}

/** The layers that are on after one is switched; not more than a map can show. */
export function switched(live: readonly LiveChoice[], layer: string): readonly LiveChoice[] {
  const others = live.filter((one) => one.layer !== layer);
  return others.length < live.length ? others : [...live, { layer, observed: "" }].slice(-MOST_LIVE);
}

/** The same layers, of which one shows something else. */
export function showing(live: readonly LiveChoice[], layer: string, observed: string): readonly LiveChoice[] {
  return live.map((one) => (one.layer === layer ? { layer, observed } : one));
}

/** A moment that exists, to the minute. */
export function readMoment(text: string | null): string | null {
  if (text === null || !MOMENT.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) || writeMoment(at) !== text ? null : text;
}

export function writeMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

/** The live layer whose list a table is; null for another table. */
export function liveTable(table: string): string | null {
  const id = table.startsWith(TABLE) ? table.slice(TABLE.length) : "";
  return LAYER_ID.test(id) ? id : null;
}

export function tableOfLive(layer: string): string {
  return `${TABLE}${layer}`;
}

/** The query of a list that shows the same property as the map; of a list of something else nothing. */
export function listQuery(live: readonly LiveChoice[], table: string): Readonly<Record<string, string>> {
  const observed = live.find((one) => one.layer === liveTable(table))?.observed ?? "";
  return observed === "" ? {} : { meet: observed };
}

/** The layers after another property was chosen in the list of one: map and list show the same. */
export function chosenInList(
  live: readonly LiveChoice[],
  table: string,
  query: URLSearchParams,
): readonly LiveChoice[] {
  const [layer, observed] = [liveTable(table), query.get("meet") ?? ""];
  const before = live.find((one) => one.layer === layer)?.observed ?? "";
  if (layer === null || observed === before) return live;
  return showing(isOn(live, layer) ? live : switched(live, layer), layer, observed);
}

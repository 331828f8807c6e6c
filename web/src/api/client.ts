/** Asks the twin's own server. Nothing here knows another host. */

import type { Asked } from "../live/feed";
import type { LiveAnswer, LiveList } from "../live/shapes";
import { MEASURED } from "../state/live";
import type {
  ColumnSummary,
  Feature,
  FeaturePage,
  Geometry,
  Heights,
  Layer,
  PickedObject,
  Places,
  SceneManifest,
  Twin,
} from "./shapes";

/** Which of the designed states a failed request leads to. */
export type FailureKind = "forbidden" | "absent" | "refused" | "failed";

export class RequestFailed extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status: number,
    url: string,
  ) {
    super(`${status} for ${url}`);
  }
}

export function failureOf(status: number): FailureKind {
  if (status === 401 || status === 403) return "forbidden";
  if (status === 400) return "refused";
  return status === 404 || status === 410 ? "absent" : "failed";
}

/** Where the list of a layer is; that of live measurements is one deeper: `live/verkeer`. */
export function listPath(layer: string): string {
  return `/lijst/${layer.split("/").map(encodeURIComponent).join("/")}`;
}

export class Client {
  /** `root` is the path below which the twin lies: empty when it is alone on its server. */
  constructor(
    private readonly language: string,
    private readonly root: string,
  ) {}

  /** The address of a path of the twin. */
  below(path: string): string {
    return this.root + path;
  }

  twin(): Promise<Twin> {
    return this.json(this.below("/api/v1"));
  }

  async layers(): Promise<readonly Layer[]> {
    return (await this.json<{ layers: readonly Layer[] }>(this.below("/api/v1/layers"))).layers;
  }

  /** The scene, with the addresses of its files as this browser must ask for them. */
  async scene(): Promise<SceneManifest> {
    const scene = await this.json<SceneManifest>(this.below("/tiles/scene.json"));
    const moved = <T extends { readonly url: string }>(entry: T): T => ({
      ...entry,
      url: this.below(entry.url),
    });
    return { ...scene, tilesets: scene.tilesets.map(moved), flat: scene.flat.map(moved) };
  }

  places(q: string, signal?: AbortSignal): Promise<Places> {
    return this.json(this.below(`/api/v1/places?${new URLSearchParams({ q })}`), signal);
  }

  async pick(lon: number, lat: number, radius: number, layers: readonly string[]) {
    const query = new URLSearchParams({
      lon: lon.toFixed(7),
      lat: lat.toFixed(7),
      radius: Math.max(0.1, radius).toFixed(1),
      layers: layers.join(","),
    });
    const url = this.below(`/api/v1/pick?${query}`);
    return (await this.json<{ objects: readonly PickedObject[] }>(url)).objects;
  }

  feature(layer: string, id: string): Promise<Feature> {
    const path = `/api/v1/layers/${encodeURIComponent(layer)}/features/${encodeURIComponent(id)}`;
    return this.json(this.below(path));
  }

  column(layer: string, name: string): Promise<ColumnSummary> {
    const path = `/api/v1/layers/${encodeURIComponent(layer)}/columns/${encodeURIComponent(name)}`;
    return this.json(this.below(path));
  }

  /** The feature with all pieces of the same street or canal. */
  async pieces(layer: string, id: string): Promise<readonly Feature[]> {
    const path = `/api/v1/layers/${encodeURIComponent(layer)}/pieces/${encodeURIComponent(id)}`;
    return (await this.json<FeaturePage>(this.below(path))).features;
  }

  /** All features of a layer, at most `most`; the map draws no more than that as separate shapes. */
  features(layer: string, most: number): Promise<readonly Feature[]> {
    return this.paged(layer, most, "limit=500");
  }

  /** How high the ground lies, in the order of the points; at most 200. */
  heights(points: readonly { readonly lon: number; readonly lat: number }[]): Promise<Heights> {
    const text = points.map(({ lon, lat }) => `${lon.toFixed(7)},${lat.toFixed(7)}`).join(";");
    return this.json(this.below(`/api/v1/heights?points=${text}`));
  }

  /** Those that may touch a rectangle: west, south, east and north in degrees. */
  featuresIn(layer: string, box: readonly number[], most: number): Promise<readonly Feature[]> {
    return this.paged(layer, most, `limit=1000&bbox=${box.map((edge) => edge.toFixed(7)).join(",")}`);
  }

  private async paged(layer: string, most: number, query: string): Promise<readonly Feature[]> {
    const found: Feature[] = [];
    let url: string | undefined = this.below(`/api/v1/layers/${encodeURIComponent(layer)}/features?${query}`);
    while (url !== undefined && found.length < most) {
      const page: FeaturePage = await this.json<FeaturePage>(url);
      found.push(...page.features);
      url = page.links?.find((link) => link.rel === "next")?.href;
    }
    return found.slice(0, most);
  }

  /** How many features of a layer pass these conditions; null when the server does not say. */
  async count(layer: string, where: readonly string[]): Promise<number | null> {
    const query = new URLSearchParams([["limit", "1"], ...where.map((one) => ["where", one])]);
    const path = `/api/v1/layers/${encodeURIComponent(layer)}/features?${query}`;
    return (await this.json<FeaturePage>(this.below(path))).numberMatched ?? null;
  }

  /** The layers of live measurements, and how their sources are doing. */
  liveLayers(): Promise<LiveList> {
    return this.json(this.below("/api/v1/live"));
  }

  liveValues({ layer, box, at, after, observed }: Asked, signal: AbortSignal): Promise<LiveAnswer> {
    const query = new URLSearchParams({ bbox: box.join(",") });
    if (at !== null) query.set("at", at);
    if (observed !== "") query.set("observed", observed);
    if (after !== null) query.set("after", String(after));
    return this.json(this.below(`/api/v1/live/${encodeURIComponent(layer)}?${query}`), signal);
  }

  /** Where a measuring point is; null when that is not known. */
  async pointOf(id: string): Promise<Geometry | null> {
    type Placed = { readonly place: { readonly lon: number | null; readonly lat: number | null } | null };
    const { place } = await this.json<Placed>(this.below(`/api/v1/things/${encodeURIComponent(id)}`));
    const known = place?.lon != null && place.lat != null;
    return known ? { type: "Point", coordinates: [place.lon as number, place.lat as number] } : null;
  }

  /**
   * The HTML of a card, made by the server: the same as on the page of the object. That of a measuring point
   * looks back at `moment`, as the map does.
   */
  card(layer: string, id: string, moment: string | null = null): Promise<string> {
    const measured = layer === MEASURED;
    const path = `${measured ? `/${MEASURED}` : listPath(layer)}/${encodeURIComponent(id)}`;
    const back = measured && moment !== null ? { moment } : {};
    return this.fragment(`${this.below(path)}?${this.query({ ...back, deel: "kaart" })}`);
  }

  /** The HTML of a table, made by the server: the same as on the page of the layer. */
  table(
    layer: string,
    query: Readonly<Record<string, string>>,
    where: readonly string[] = [],
  ): Promise<string> {
    const path = this.below(listPath(layer));
    return this.fragment(`${path}?${this.query({ ...query, deel: "tabel" }, where)}`);
  }

  private query(values: Readonly<Record<string, string>>, where: readonly string[] = []): string {
    const query = new URLSearchParams(values);
    for (const one of where) query.append("waar", one);
    if (this.language === "en") query.set("taal", "en");
    return query.toString();
  }

  private async fragment(url: string): Promise<string> {
    return (await this.fetch(url, "text/html")).text();
  }

  private async json<T>(url: string, signal?: AbortSignal): Promise<T> {
    return (await this.fetch(url, "application/geo+json, application/json", signal)).json() as Promise<T>;
  }

  private async fetch(url: string, accept: string, signal?: AbortSignal): Promise<Response> {
    const address = new URL(url, location.origin);
    const init: RequestInit = { headers: { accept, "accept-language": this.language } };
    if (signal !== undefined) init.signal = signal;
    const answer = await fetch(address.pathname + address.search, init);
    if (!answer.ok) throw new RequestFailed(failureOf(answer.status), answer.status, address.pathname);
    return answer;
  }
}

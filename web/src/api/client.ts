/** Asks the twin's own server. Nothing here knows another host. */

import type { Feature, FeaturePage, Layer, PickedObject, Place, SceneManifest, Twin } from "./shapes";

/** Which of the designed states a failed request leads to. */
export type FailureKind = "forbidden" | "absent" | "failed";

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
  return status === 404 || status === 410 ? "absent" : "failed";
}

export class Client {
  constructor(private readonly language: string) {}

  twin(): Promise<Twin> {
    return this.json("/api/v1");
  }

  async layers(): Promise<readonly Layer[]> {
    return (await this.json<{ layers: readonly Layer[] }>("/api/v1/layers")).layers;
  }

  scene(): Promise<SceneManifest> {
    return this.json("/tiles/scene.json");
  }

  async places(q: string, signal?: AbortSignal): Promise<readonly Place[]> {
    const url = `/api/v1/places?${new URLSearchParams({ q })}`;
    return (await this.json<{ places: readonly Place[] }>(url, signal)).places;
  }

  async pick(lon: number, lat: number, radius: number, layers: readonly string[]) {
    const query = new URLSearchParams({
      lon: lon.toFixed(7),
      lat: lat.toFixed(7),
      radius: Math.max(0.1, radius).toFixed(1),
      layers: layers.join(","),
    });
    return (await this.json<{ objects: readonly PickedObject[] }>(`/api/v1/pick?${query}`)).objects;
  }

  feature(layer: string, id: string): Promise<Feature> {
    return this.json(`/api/v1/layers/${encodeURIComponent(layer)}/features/${encodeURIComponent(id)}`);
  }

  /** All features of a layer, at most `most`; the map draws no more than that as separate shapes. */
  async features(layer: string, most: number): Promise<readonly Feature[]> {
    const found: Feature[] = [];
    let url: string | undefined = `/api/v1/layers/${encodeURIComponent(layer)}/features?limit=500`;
    while (url !== undefined && found.length < most) {
      const page: FeaturePage = await this.json<FeaturePage>(url);
      found.push(...page.features);
      url = page.links?.find((link) => link.rel === "next")?.href;
    }
    return found.slice(0, most);
  }

  /** The HTML of a card, made by the server: the same as on the page of the object. */
  card(layer: string, id: string): Promise<string> {
    const path = `/lijst/${encodeURIComponent(layer)}/${encodeURIComponent(id)}`;
    return this.fragment(`${path}?${this.query({ deel: "kaart" })}`);
  }

  /** The HTML of a table, made by the server: the same as on the page of the layer. */
  table(layer: string, query: Readonly<Record<string, string>>): Promise<string> {
    return this.fragment(`/lijst/${encodeURIComponent(layer)}?${this.query({ ...query, deel: "tabel" })}`);
  }

  private query(values: Readonly<Record<string, string>>): string {
    const query = new URLSearchParams(values);
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

/**
 * The map in a frame of another website: a small typed conversation by `postMessage`. Only the websites that
 * the administrator named are heard, and only the one that spoke is answered. docs/embed.md tells both sides.
 */

import type { Pose } from "../scene/pose";
import { LAYER_ID, readAddress, readCamera, writeCamera } from "../state/address";
import { type Screen, sameKey } from "../state/screen";
import type { ScreenStore } from "../state/screen-store";

/** What the website may ask. */
export type Asked =
  | { readonly tweestad: 1; readonly type: "hello" }
  /** Show what this address shows: `?lagen=gebouwen&kleur=gebouwen:bouwjaar`. */
  | { readonly tweestad: 1; readonly type: "show"; readonly address: string }
  | { readonly tweestad: 1; readonly type: "choose"; readonly layer: string; readonly id: string }
  /** `lon,lat,heading,pitch,distance`, as in an address. */
  | { readonly tweestad: 1; readonly type: "look"; readonly camera: string };

/** What the map tells. */
export type Told =
  | { readonly tweestad: 1; readonly type: "ready"; readonly twin: string; readonly address: string }
  | {
      readonly tweestad: 1;
      readonly type: "chosen";
      readonly layer: string | null;
      readonly id: string | null;
    }
  | { readonly tweestad: 1; readonly type: "moved"; readonly camera: string }
  | { readonly tweestad: 1; readonly type: "refused"; readonly reason: string };

const LONGEST_ADDRESS = 8000;
const LONGEST_ID = 500;

/** The change of the screen that a message asks for, or why there is none. */
export function changeOf(data: unknown): Partial<Screen> | "hello" | { readonly refused: string } | null {
  if (typeof data !== "object" || data === null) return null;
  const { tweestad, type, address, layer, id, camera } = data as Readonly<
    Record<"tweestad" | "type" | "address" | "layer" | "id" | "camera", unknown>
  >;
  // Another script of the page may send messages of its own.
  if (tweestad !== 1) return null;
  if (type === "hello") return "hello";
  if (type === "show") {
    if (typeof address !== "string" || address.length > LONGEST_ADDRESS) return refused("address");
    return readAddress(address.includes("?") ? address.slice(address.indexOf("?")) : "");
  }
  if (type === "choose") {
    if (typeof layer !== "string" || !LAYER_ID.test(layer)) return refused("layer");
    if (typeof id !== "string" || id === "" || id.length > LONGEST_ID) return refused("id");
    return { selection: { layer, id } };
  }
  if (type === "look") {
    const pose: Pose | null = typeof camera === "string" ? readCamera(camera) : null;
    return pose === null || pose.pitch > 0 ? refused("camera") : { camera: pose };
  }
  return refused("type");
}

function refused(reason: string): { readonly refused: string } {
  return { refused: reason };
}

/** Listens for as long as the page lives. `origins` may speak; an empty list hears nobody. */
export function converse(store: ScreenStore, twin: string, origins: readonly string[]): void {
  let partner: { readonly source: Window; readonly origin: string } | null = null;
  const tell = (told: Told) => partner?.source.postMessage(told, partner.origin);
  addEventListener("message", ({ data, origin, source }: MessageEvent<unknown>) => {
    if (source !== parent || source === window || !origins.includes(origin)) return;
    const change = changeOf(data);
    if (change === null) return;
    partner = { source: parent, origin };
    if (change === "hello") tell({ tweestad: 1, type: "ready", twin, address: location.search });
    else if ("refused" in change) tell({ tweestad: 1, type: "refused", reason: change.refused });
    else store.update(change);
  });
  store.subscribe((now, before) => {
    if (!sameKey(now.selection, before.selection)) {
      tell({
        tweestad: 1,
        type: "chosen",
        layer: now.selection?.layer ?? null,
        id: now.selection?.id ?? null,
      });
    }
    if (now.camera !== null && now.camera !== before.camera) {
      tell({ tweestad: 1, type: "moved", camera: writeCamera(now.camera) });
    }
  });
}

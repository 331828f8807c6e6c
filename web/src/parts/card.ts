/** The card of the chosen object: the server's own words, with what one can do around them. */

import { html, nothing, type TemplateResult } from "lit";
import type { ObjectKey } from "../state/screen";
import type { Say } from "../words/words";
import type { FragmentShown } from "./fragment";
import "./fragment";
import { icon } from "./icons";

/** What is known of the chosen object and its card since it was chosen. */
export interface CardNews {
  /** The object is there, so its link can be shared. */
  readonly found: boolean;
  /** What became of sharing, in a sentence; empty before. */
  readonly shared: string;
  /** The object has no shape in 3D. */
  readonly footprintOnly: boolean;
}

export const NO_NEWS: CardNews = { found: true, shared: "", footprintOnly: false };

export interface CardActions {
  readonly inTable: boolean;
  readonly in3d: boolean;
  readonly news: CardNews;
  /** Changes when something else is known of the object: its card is then fetched again. */
  readonly stamp: string;
  load(key: ObjectKey): Promise<string>;
  /** The card is on the screen; its title is what was chosen. */
  shown(title: string, found: boolean): void;
  close(): void;
  toMap(): void;
  told(text: string): void;
}

export function card(say: Say, key: ObjectKey, actions: CardActions): TemplateResult {
  const toMap = html`<div class="row actions card-actions">
    <button type="button" class="btn" @click=${() => actions.toMap()}>
      ${icon("map")}${say("map.card.on-map")}
    </button>
  </div>`;
  const share_ = html`<button type="button" class="btn quiet" data-action="share"
    @click=${() => void share(say, actions)}>${icon("share")}${say("map.card.share")}</button>`;
  return html`<div class="card-tools">
      ${actions.news.found ? share_ : nothing}
      <button type="button" class="x" aria-label=${say("map.card.close")} @click=${() => actions.close()}>
        ${icon("close")}
      </button>
    </div>
    <p class="shared" role="status">${actions.news.shared}</p>
    ${actions.in3d && actions.news.footprintOnly ? html`<p class="no-shape">${say("map.no-shape")}</p>` : nothing}
    <tw-fragment .say=${say} .address=${`${key.layer}/${key.id}#${actions.stamp}`} .load=${() => actions.load(key)}
      @fragment-shown=${({ detail }: FragmentShown) => actions.shown(detail.title, detail.found)}></tw-fragment>
    ${actions.inTable ? toMap : nothing}`;
}

/** The phone's own sheet where there is one, else the clipboard. */
async function share(say: Say, actions: CardActions): Promise<void> {
  try {
    if (navigator.maxTouchPoints > 0 && navigator.share !== undefined)
      await navigator.share({ url: location.href });
    else {
      await navigator.clipboard.writeText(location.href);
      actions.told(say("map.card.shared"));
    }
  } catch {
    // Refused by the visitor or the browser: then the address bar still holds the link.
    actions.told(say("map.card.share-by-hand"));
  }
}

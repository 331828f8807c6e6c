/** The card of the chosen object: the server's own words, with what one can do around them. */

import { html, nothing, type TemplateResult } from "lit";
import type { ObjectKey } from "../state/screen";
import type { Say } from "../words/words";
import type { FragmentShown } from "./fragment";
import "./fragment";
import { icon } from "./icons";

export interface CardActions {
  readonly inTable: boolean;
  load(): Promise<string>;
  /** The card is on the screen; its title is what was chosen. */
  shown(title: string): void;
  close(): void;
  toMap(): void;
  spoken(text: string): void;
}

export function card(say: Say, key: ObjectKey, actions: CardActions): TemplateResult {
  const toMap = html`<button type="button" class="btn" @click=${() => actions.toMap()}>
    ${icon("map")}${say("map.card.on-map")}
  </button>`;
  return html`<div class="card-tools">
      <button type="button" class="x" aria-label=${say("map.card.close")} @click=${() => actions.close()}>
        ${icon("close")}
      </button>
    </div>
    <tw-fragment .say=${say} .address=${`${key.layer}/${key.id}`} .load=${actions.load}
      @fragment-shown=${(event: FragmentShown) => actions.shown(event.detail.title)}></tw-fragment>
    <div class="row actions card-actions">
      ${actions.inTable ? toMap : nothing}
      <button type="button" class="btn quiet" data-action="share" @click=${() => void share(say, actions)}>
        ${icon("share")}${say("map.card.share")}
      </button>
    </div>`;
}

/** The phone's own sheet where there is one, else the clipboard. */
async function share(say: Say, actions: CardActions): Promise<void> {
  try {
    if (navigator.maxTouchPoints > 0 && navigator.share !== undefined)
      await navigator.share({ url: location.href });
    else await navigator.clipboard.writeText(location.href);
    actions.spoken(say("map.card.shared"));
  } catch {
    // Refused by the visitor or the browser: then the address bar still holds the link.
    actions.spoken(say("map.card.share-by-hand"));
  }
}

/** What one can do with the card: share its address, and go back to the map from the table. */

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../words/words";
import { icon } from "./icons";

export interface CardActions {
  readonly inTable: boolean;
  toMap(): void;
  spoken(text: string): void;
}

export function cardActions(say: Say, actions: CardActions): TemplateResult {
  return html`<div class="row actions card-actions">
    ${
      actions.inTable
        ? html`<button type="button" class="btn" @click=${actions.toMap}>${icon("map")}${say("map.card.on-map")}</button>`
        : nothing
    }
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

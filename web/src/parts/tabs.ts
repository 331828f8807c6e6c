/** What one can do beside looking: "Verken" now; a panel with another purpose is one line more here. */

import { html, nothing, type TemplateResult } from "lit";
import type { Panel } from "../state/screen";
import type { PanelContext } from "./panel-context";

const TABS: readonly { readonly panel: Panel; readonly label: string }[] = [
  { panel: "explore", label: "panel.explore" },
];

/** One entry is no choice: then there is no bar. */
export function tabs(context: PanelContext): TemplateResult | typeof nothing {
  if (TABS.length < 2) return nothing;
  const { say } = context.words;
  return html`<nav class="tabs" aria-label=${say("panel.tabs")}>
    ${TABS.map(
      ({ panel, label }) => html`<a href=${context.addressOf({ panel })}
        aria-current=${context.screen.panel === panel ? "page" : nothing}
        @click=${(event: MouseEvent) => go(event, context, panel)}>${say(label)}</a>`,
    )}
  </nav>`;
}

function go(event: MouseEvent, context: PanelContext, panel: Panel): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  context.change({ panel });
}

/** The title of a tool's box, with a button that turns the tool off. */

import { html, type TemplateResult } from "lit";
import { icon } from "../icons";
import type { ToolContext } from "../map-tools";

/** `close` does more than closing an open tool, when the tool lives in the document. */
export function toolHead(
  context: ToolContext,
  title: string,
  close: () => void = () => context.open(null),
): TemplateResult {
  return html`<div class="row between tool-head">
    <h2 tabindex="-1">${title}</h2>
    <button type="button" class="x" aria-label=${context.words.say("map.tools.close", { tool: title })} @click=${close}>
      ${icon("close")}
    </button>
  </div>`;
}

/** Whether values are live, a recording or invented: a word wherever they are shown. */

import { html, type TemplateResult } from "lit";
import type { Words } from "../words/words";
import type { LiveLayer } from "./shapes";
import { marksOfLayer } from "./words";

export function marks(words: Words, layer: LiveLayer): readonly TemplateResult[] {
  return marksOfLayer(words, layer).map(
    ({ kind, text }) => html`<span class="q live-${kind}">${text}</span> `,
  );
}

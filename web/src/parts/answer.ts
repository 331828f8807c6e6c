/** The answer to the question that was asked: a sentence, numbers with their age and source, and what is missing. */

import { html, nothing, type TemplateResult } from "lit";
import type { PanelContext } from "./panel-context";

export function answer(context: PanelContext): TemplateResult | typeof nothing {
  const question = context.asked;
  if (question === null) return nothing;
  const { words } = context;
  const parts = question.layers.map((layer) =>
    words.say("panel.answer.part", {
      count: words.number(layer.count),
      what: words.counted(layer.count, layer.noun),
      date: words.date(layer.date),
      source: layer.source,
    }),
  );
  const missing = question.layers.map((layer) => words.text(layer.missing)).filter((what) => what !== "");
  return html`<div class="answer-box">
    <p class="answer">${words.say(`panel.answer.${question.id}`)}</p>
    ${context.live.part?.answer(context, question.live) ?? nothing}
    ${parts.map((part) => html`<p class="hint">${part}</p>`)}
    ${missing.map((what) => html`<p class="hint">${words.say("panel.answer.missing", { what })}</p>`)}
  </div>`;
}

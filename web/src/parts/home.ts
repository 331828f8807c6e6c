/** "Wat wilt u weten?": the first panel. */

import { html, nothing, type TemplateResult } from "lit";
import { type Asked, mainQuestions, type Question, questions } from "../state/questions";
import { icon } from "./icons";
import type { PanelContext } from "./panel-context";

export function home(context: PanelContext): TemplateResult {
  const { say } = context.words;
  const title = context.words.text(context.twin.title);
  const kinds = context.words.placeKinds(context.layers.map((layer) => layer.placeKind));
  const search = say("home.search", { kinds });
  return html`<div class="row between">
      <h1 class="home-title" id="panel-title" tabindex="-1">${say("home.question")}</h1>
      <button type="button" class="x" aria-label=${say("panel.close")} @click=${() => context.change({ panel: "closed" })}>
        ${icon("close")}
      </button>
    </div>
    <p class="lead">${say("home.lead", { place: title })}</p>
    <p class="hint on-touch">${say("home.on-touch")}</p>
    <form class="ask-form" action=${context.below("/zoek")} role="search" aria-label=${search}>
      <label for="ask">${search}</label>
      <div class="ask">
        <div class="search">
          ${icon("search")}
          <input id="ask" class="search-input" name="q" type="text" maxlength="200" autocomplete="off"
            placeholder=${say("home.search.example")} />
        </div>
        <button class="btn main">${say("home.search.button")}</button>
      </div>
      ${context.words.language === "en" ? html`<input type="hidden" name="taal" value="en" />` : ""}
    </form>
    <ul class="questions" aria-label=${say("home.questions")}>
      ${mainQuestions(context.layers, context.shown, context.live.layers).map((one) => html`<li>${asked(context, one)}</li>`)}
    </ul>
    ${also(context, questions(context.layers, context.shown))}
    <p class="rather"><a href=${context.link("/lijst")}>${say("home.rather-list")}</a></p>`;
}

/** A question that no layer bears on is no link: it says that this city cannot answer it yet. */
function asked(context: PanelContext, { id, question }: Asked): TemplateResult {
  const { say } = context.words;
  const words = say(`home.question.${id}`);
  if (question === null) {
    return html`<p class="unanswered">${icon(id, 24)}<span>${words} <span class="hint">${say("home.no-data")}</span></span></p>`;
  }
  return html`<a href=${context.addressOf(question.change)} @click=${(event: MouseEvent) => context.ask(event, question)}>
    ${icon(id, 24)}<span>${words}</span>${icon("next")}
  </a>`;
}

function also(context: PanelContext, found: readonly Question[]): TemplateResult | typeof nothing {
  if (found.length === 0) return nothing;
  const { say } = context.words;
  return html`<div class="also-asked"><span id="also-asked">${say("home.also")}</span>
    <ul aria-labelledby="also-asked">
      ${found.map(
        (question) => html`<li><a href=${context.addressOf(question.change)}
          @click=${(event: MouseEvent) => context.ask(event, question)}>${say(`home.question.${question.id}`)}</a></li>`,
      )}
    </ul>
  </div>`;
}

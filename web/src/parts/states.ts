/** The designed states: each a sentence and what one can do, never only a spinner. */

import { html, nothing, type TemplateResult } from "lit";
import type { FailureKind } from "../api/client";
import type { Say } from "../words/words";

export type StateKind = "loading" | "empty" | "stale" | "failed" | "forbidden" | "flat";

export interface StateAction {
  readonly label: string;
  readonly act: () => void;
}

export interface StateBox {
  readonly kind: StateKind;
  readonly title: string;
  readonly text: string;
  /** Between 0 and 1, or null when unknown. */
  readonly progress?: number | null;
  readonly progressText?: string;
  readonly actions: readonly StateAction[];
}

export function stateBox(say: Say, state: StateBox, heading: 2 | 3 = 2): TemplateResult {
  const title = heading === 2 ? html`<h2>${state.title}</h2>` : html`<h3>${state.title}</h3>`;
  return html`<section class="state state-${state.kind}" role=${state.kind === "failed" ? "alert" : "status"}>
    <p class="eyebrow">${say(`map.state.${state.kind}`)}</p>
    ${title}
    ${
      state.progress === undefined
        ? nothing
        : html`<progress max="1" .value=${state.progress ?? 0} aria-label=${state.title}></progress>
          <p class="hint">${state.progressText ?? ""}</p>`
    }
    <p>${state.text}</p>
    ${
      state.actions.length === 0
        ? nothing
        : html`<div class="act">${state.actions.map(
            (action, n) =>
              html`<button type="button" class="btn ${n > 0 ? "quiet" : ""}" @click=${action.act}>${action.label}</button>`,
          )}</div>`
    }
  </section>`;
}

/** What to say when a request went wrong. */
export function failureState(say: Say, kind: FailureKind, again: () => void): StateBox {
  if (kind === "failed" && !navigator.onLine) {
    return {
      kind: "stale",
      title: say("map.offline.title"),
      text: say("map.offline.failed"),
      actions: [{ label: say("map.again"), act: again }],
    };
  }
  const name = kind === "absent" || kind === "refused" ? "empty" : kind;
  return {
    kind: name,
    title: say(`map.${kind}.title`),
    text: say(`map.${kind}.text`),
    actions: kind === "failed" ? [{ label: say("map.again"), act: again }] : [],
  };
}

/** What lies below all layers. */

import { html, nothing, type TemplateResult } from "lit";
import { OWN_BASES } from "../drawing/base-looks";
import { chevron } from "./icons";
import type { PanelContext } from "./panel-context";

/** Its name among the themes; no theme has it. */
const BASES = "";

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

export function baseChoice(context: PanelContext): TemplateResult {
  const { memory, words, screen } = context;
  const { say } = words;
  const own = OWN_BASES.map(
    (id): Choice => ({ id, title: say(`panel.base.${id}`), about: say(`panel.base.about.${id}`) }),
  );
  const others = (context.twin.bases ?? []).map((base): Choice => {
    const about = say("panel.base.from", { maker: base.attribution, licence: base.licence });
    return { id: base.id, title: words.text(base.title), about };
  });
  const all = [...own, ...others];
  const chosen = all.find((one) => one.id === screen.base) ?? all[0];
  const open = memory.themeOpen(BASES, false);
  const flatOnly = others.some((one) => one.id === chosen?.id);
  const toggle = (event: Event) => {
    event.preventDefault();
    memory.openTheme(BASES, !open);
  };
  return html`<details class="theme base" .open=${open}>
    <summary @click=${toggle}>${chevron}<b>${say("panel.base")}</b><span>${chosen?.title ?? ""}</span></summary>
    <fieldset class="choices"><legend class="vh">${say("panel.base")}</legend>
      ${all.map((one) => choice(context, one, one === chosen))}
    </fieldset>
    ${flatOnly && context.in3d ? html`<p class="hint" role="status">${say("panel.base.only-flat")}</p>` : nothing}
  </details>`;
}

function choice(context: PanelContext, { id, title, about }: Choice, checked: boolean): TemplateResult {
  return html`<label><input type="radio" name="base" value=${id} .checked=${checked}
    @change=${() => context.change({ base: id })} /><span>${title} <span class="hint">${about}</span></span></label>`;
}

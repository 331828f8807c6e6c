/** How much is drawn: by hand, where the frame time does not choose well. */

import { html, type TemplateResult } from "lit";
import { chooseDetail, DETAIL_CHOICES, type DetailChoice, readDetail } from "../../scene/detail-choice";
import type { MapTool, ToolContext } from "../map-tools";
import { toolHead } from "./tool-head";

const ID = "display";

export const displayTool: MapTool = {
  id: ID,
  icon: "detail",
  label: "map.display",
  place: "menu",
  offered: ({ view }) => view === "3d",
  pressed: ({ openTool }) => openTool === ID,
  press: ({ openTool, open }) => open(openTool === ID ? null : ID),
  box,
};

function box(context: ToolContext): TemplateResult {
  const { words, redraw } = context;
  const { say } = words;
  const choose = (choice: DetailChoice) => {
    chooseDetail(choice);
    redraw();
  };
  return html`${toolHead(context, say("map.display"))}
    <fieldset class="choices"><legend class="vh">${say("map.display")}</legend>
      ${DETAIL_CHOICES.map(
        (choice) => html`<label><input type="radio" name="display" .checked=${readDetail() === choice}
            @change=${() => choose(choice)} /><span><b>${say(`map.display.${choice}`)}</b><br />
            <span class="hint">${say(`map.display.${choice}-text`)}</span></span></label>`,
      )}
    </fieldset>`;
}

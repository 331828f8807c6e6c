/** Stand in the street, look around and walk on. */

import { html, type TemplateResult } from "lit";
import { type IconName, icon } from "../icons";
import type { MapTool, ToolContext } from "../map-tools";

/** What the arrow keys of the map do as well. */
const STEP = 0.15;

export const walkTool: MapTool = {
  id: "walk",
  icon: "walk",
  label: "map.walk",
  place: "menu",
  offered: ({ view }) => view === "3d",
  pressed: ({ screen }) => screen.walking,
  press: (context) => {
    const { screen, change, tell, words } = context;
    change({ walking: !screen.walking, underground: false, depthM: 0 });
    tell(words.say(screen.walking ? "map.walk.back-told" : "map.walk.told"));
    if (!screen.walking) context.focus(".map");
  },
  over: (context) => (context.screen.walking && context.view === "3d" ? pad(context) : html``),
};

/** On the map itself: under a thumb as well as under the eye. */
function pad(context: ToolContext): TemplateResult {
  const { words, pan, change, tell } = context;
  const { say } = words;
  const back = () => {
    change({ walking: false });
    tell(say("map.walk.back-told"));
    context.focus(".map");
  };
  const button = (label: string, name: IconName, right: number, up: number) =>
    html`<button type="button" class="btn" aria-label=${say(label)} title=${say(label)}
      @click=${() => pan(right, up)}>${icon(name)}</button>`;
  return html`<div class="walk-pad" role="group" aria-label=${say("map.walk")}>
    ${button("map.walk.left", "left", -STEP, 0)}
    ${button("map.walk.forward", "up", 0, STEP)}
    ${button("map.walk.backward", "down", 0, -STEP)}
    ${button("map.walk.right", "right", STEP, 0)}
    <button type="button" class="btn" data-walk="back" @click=${back}>${say("map.walk.back")}</button>
  </div>`;
}

/** Look below the ground, and go there. */

import { html, nothing, type TemplateResult } from "lit";
import { deepened, hasUnderground, turnedUnderground } from "../../state/underground";
import "../depth-scale";
import { icon } from "../icons";
import type { MapTool, ToolContext } from "../map-tools";
import { toolHead } from "./tool-head";

export const undergroundTool: MapTool = {
  id: "underground",
  icon: "underground",
  label: "map.underground",
  place: "column",
  offered: ({ layers }) => hasUnderground(layers),
  pressed: ({ screen }) => screen.underground,
  press: ({ screen, layers, change }) => change(turnedUnderground(screen, layers)),
  box: (context) => (context.view === "3d" ? box(context) : flat(context)),
  over: (context) =>
    context.screen.underground && context.view === "3d" && !context.screen.walking
      ? html`<tw-depth-scale .words=${context.words} .depth=${context.screen.depthM}
          .street=${context.scene.groundNapM} .first=${context.posed()}></tw-depth-scale>`
      : html``,
};

function head(context: ToolContext): TemplateResult {
  const { words, screen, layers, change } = context;
  return toolHead(context, words.say("map.below"), () => change(turnedUnderground(screen, layers)));
}

function box(context: ToolContext): TemplateResult {
  const { words, screen, change } = context;
  const { say } = words;
  const percent = Math.round(screen.groundOpacity * 100);
  const fade = (event: Event, step: "step" | "passing") =>
    change({ groundOpacity: Number((event.target as HTMLInputElement).value) / 100 }, step);
  return html`${head(context)}
    <p role="status">${
      screen.depthM === 0
        ? say("map.depth.none")
        : say("map.depth.says", { metres: words.number(screen.depthM) })
    }</p>
    <div class="sun-quick" role="group" aria-label=${say("map.depth.group")}>
      ${move(context, "map.depth.deeper", "down", 1)}${move(context, "map.depth.shallower", "up", -1)}
    </div>
    <label class="sun-slider">${say("map.depth.ground")}
      <input type="range" min="0" max="100" step="5" .value=${String(percent)} aria-valuetext=${`${percent} %`}
        @input=${(event: Event) => fade(event, "passing")} @change=${(event: Event) => fade(event, "step")} />
    </label>
    <p class="row between hint"><span>${say("map.depth.clear")}</span><span>${say("map.depth.whole")}</span></p>
    ${context.phone ? nothing : html`<p class="hint">${say("map.depth.keys")}</p>`}`;
}

function move(context: ToolContext, label: string, name: "up" | "down", steps: number): TemplateResult {
  const patch = deepened(context.screen, steps);
  const stuck = patch === null || patch.depthM === context.screen.depthM;
  return html`<button type="button" class="btn" data-depth=${name} aria-disabled=${stuck}
    @click=${() => !stuck && context.change(patch)}>${icon(name)}${context.words.say(label)}</button>`;
}

function flat(context: ToolContext): TemplateResult {
  return html`${head(context)}<p class="hint">${context.words.say("map.below.flat")}</p>`;
}

/** The buttons on the map. */

import { html, nothing, type TemplateResult } from "lit";
import type { View } from "../state/screen";
import type { Say } from "../words/words";
import { icon } from "./icons";
import { painted } from "./painted";

export interface ToolActions {
  readonly view: View | null;
  /** Degrees; the arrow points north. */
  readonly heading: number;
  readonly can3d: boolean;
  readonly panelOpen: boolean;
  north(): void;
  zoomIn(): void;
  zoomOut(): void;
  toggleView(): void;
  home(): void;
  openPanel(): void;
}

export function tools(say: Say, on: ToolActions): TemplateResult {
  const button = (label: string, act: () => void, content: unknown, name: string) =>
    html`<button type="button" data-tool=${name} aria-label=${label} title=${label} @click=${act}>${content}</button>`;
  return html`<div class="tools" role="group" aria-label=${say("map.tools")}>
    ${on.panelOpen ? nothing : button(say("map.layers"), on.openPanel, icon("layers"), "layers")}
    ${
      on.view === "3d"
        ? button(
            say("map.north"),
            on.north,
            html`<span class="compass" ${painted({ transform: `rotate(${-on.heading}deg)` })}>${icon("north")}</span>`,
            "north",
          )
        : nothing
    }
    ${button(say("map.zoom-in"), on.zoomIn, icon("plus"), "zoom-in")}
    ${button(say("map.zoom-out"), on.zoomOut, icon("minus"), "zoom-out")}
    ${
      on.can3d
        ? html`<button type="button" data-tool="view" aria-pressed=${on.view === "3d"} aria-label=${say("map.3d")}
            title=${say("map.3d")} @click=${on.toggleView}>3D</button>`
        : nothing
    }
    ${button(say("map.home"), on.home, icon("home"), "home")}
  </div>`;
}

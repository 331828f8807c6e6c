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
  /** Whether one looks below the ground, or null when nothing is known of what lies there. */
  readonly underground: boolean | null;
  north(): void;
  zoomIn(): void;
  zoomOut(): void;
  toggleView(): void;
  toggleUnderground(): void;
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
    ${
      on.underground === null
        ? nothing
        : html`<button type="button" data-tool="underground" aria-pressed=${on.underground}
            aria-label=${say("map.underground")} title=${say("map.underground")}
            @click=${on.toggleUnderground}>${icon("underground")}</button>`
    }
    ${button(say("map.home"), on.home, icon("home"), "home")}
  </div>`;
}

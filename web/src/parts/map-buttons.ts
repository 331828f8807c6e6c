/** The buttons on the map: moving about, and the tools. */

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../words/words";
import { icon } from "./icons";
import { type MapTool, offeredTools, type ToolContext } from "./map-tools";
import { painted } from "./painted";

export interface MapButtons {
  /** Degrees; the arrow points north. */
  readonly heading: number;
  readonly panelOpen: boolean;
  readonly menuOpen: boolean;
  north(): void;
  zoomIn(): void;
  zoomOut(): void;
  toggleView(): void;
  home(): void;
  openPanel(): void;
  toggleMenu(): void;
}

export function mapButtons(context: ToolContext, on: MapButtons): TemplateResult {
  const { say } = context.words;
  const offered = offeredTools(context);
  const menu = offered.filter((tool) => tool.place === "menu");
  return html`<div class="tools" role="group" aria-label=${say("map.tools")}>
    ${on.panelOpen ? nothing : button(say("map.layers"), on.openPanel, icon("layers"), "layers")}
    ${
      context.view === "3d"
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
      context.can3d
        ? html`<button type="button" data-tool="view" aria-pressed=${context.view === "3d"} aria-label=${say("map.3d")}
            title=${say("map.3d")} @click=${on.toggleView}>3D</button>`
        : nothing
    }
    ${offered.filter((tool) => tool.place === "column").map((tool) => toolButton(context, tool))}
    ${button(say("map.home"), on.home, icon("home"), "home")}
    ${
      menu.length === 0
        ? nothing
        : html`<button type="button" data-tool="more" aria-expanded=${on.menuOpen} aria-controls="tool-menu"
            aria-label=${say("map.more-tools")} title=${say("map.more-tools")} @click=${on.toggleMenu}>${icon("more")}</button>`
    }
    ${on.menuOpen && menu.length > 0 ? toolMenu(context, say, menu, on) : nothing}
  </div>`;
}

function button(label: string, act: () => void, content: unknown, name: string): TemplateResult {
  return html`<button type="button" data-tool=${name} aria-label=${label} title=${label} @click=${act}>${content}</button>`;
}

function toolButton(context: ToolContext, tool: MapTool): TemplateResult {
  const label = context.words.say(tool.label);
  return html`<button type="button" data-tool=${tool.id} aria-pressed=${tool.pressed?.(context) ?? nothing} aria-label=${label}
    title=${label} ?disabled=${tool.disabled?.(context) ?? false} @click=${() => press(context, tool)}>${icon(tool.icon)}</button>`;
}

/** What opens takes the focus: its box stands far from its button. */
function press(context: ToolContext, tool: MapTool): void {
  const opens = tool.box !== undefined && tool.pressed?.(context) !== true;
  tool.press(context);
  if (!opens) return;
  context.focus(`[data-box=${tool.id}] .tool-head h2`);
}

/** All other tools, with their names: an icon alone says too little. */
function toolMenu(context: ToolContext, say: Say, menu: readonly MapTool[], on: MapButtons): TemplateResult {
  const press = (tool: MapTool) => {
    on.toggleMenu();
    tool.press(context);
  };
  return html`<ul class="tool-menu" id="tool-menu" aria-label=${say("map.more-tools")}
    @keydown=${(event: KeyboardEvent) => closeOnEscape(event, on)}>
    ${menu.map(
      (
        tool,
      ) => html`<li><button type="button" data-tool=${tool.id} aria-pressed=${tool.pressed?.(context) ?? nothing}
        ?disabled=${tool.disabled?.(context) ?? false} @click=${() => press(tool)}>${icon(tool.icon)}<span>${say(tool.label)}</span></button></li>`,
    )}
  </ul>`;
}

function closeOnEscape(event: KeyboardEvent, on: MapButtons): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  const tools = (event.currentTarget as Element).closest(".tools");
  on.toggleMenu();
  tools?.querySelector<HTMLElement>("[data-tool=more]")?.focus();
}

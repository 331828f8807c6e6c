import { html, type TemplateResult } from "lit";
import type { Sketch } from "../../state/screen";
import type { ToolContext } from "../map-tools";

export function profileInBox(_context: ToolContext, _sketch: Sketch): TemplateResult {
  return html``;
}

export function profileOver(_context: ToolContext): TemplateResult {
  return html``;
}

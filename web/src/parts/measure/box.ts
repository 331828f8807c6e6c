/** The box of measuring and drawing: what is measured, the result, the points, what can be done next. */

import { html, nothing, type TemplateResult } from "lit";
import { isRing } from "../../drawing/sketch-marks";
import { rdOf } from "../../measure/rd";
import { napText } from "../../measure/units";
import { SKETCH_KINDS, type Sketch, type SketchKind, type SketchPoint } from "../../state/screen";
import { isFull } from "../../state/sketching";
import { chevron, icon } from "../icons";
import type { ToolContext } from "../map-tools";
import { toolHead } from "../tools/tool-head";
import { profileInBox } from "./profile-view";
import { regionPart } from "./region-view";
import { isKnotted, measured } from "./results";

export interface Drawing {
  /** Whether a click on the map places a point. */
  readonly drawing: boolean;
  draw(context: ToolContext): void;
  end(context: ToolContext): void;
  close(context: ToolContext): void;
  restart(context: ToolContext): void;
  remove(context: ToolContext, index: number): void;
  /** Another kind, chosen on a button that has the focus. */
  choose(context: ToolContext, kind: SketchKind, by: HTMLElement): void;
}

export function measureBox(context: ToolContext, on: Drawing): TemplateResult {
  const { say } = context.words;
  const { sketch } = context.screen;
  if (sketch === null) return html``;
  return html`<div class="measure" ?data-drawing=${on.drawing} @keydown=${(event: KeyboardEvent) => endOnEscape(context, on, event)}>
    ${toolHead(context, say("measure.title"), () => on.close(context))}
    ${results(context, sketch)}
    ${sketch.kind === "profile" ? profileInBox(context, sketch) : nothing}
    <p class="hint">${say(on.drawing ? `measure.how.${sketch.kind}` : "measure.paused")}
      ${on.drawing ? html`<span class="by-keyboard">${say("measure.keys")}</span>` : nothing}</p>
    ${sketch.kind === "height" ? flatWarning(context) : nothing}
    <div class="row actions">${actions(context, sketch, on)}</div>
    ${isRing(sketch) && sketch.points.length > 2 ? regionPart(context, sketch) : nothing}
    ${kinds(context, sketch, on)}
    ${sketch.points.length > 0 ? points(context, sketch, on) : nothing}
  </div>`;
}

function results(context: ToolContext, sketch: Sketch): TemplateResult | typeof nothing {
  const rows = measured(context.words, sketch);
  const { say } = context.words;
  if (rows.length === 0) return nothing;
  return html`<dl class="measured">
      ${rows.map(
        ({ name, value, main }) =>
          html`<div class=${main === true ? "main" : ""}><dt>${name}</dt><dd>${value}</dd></div>`,
      )}
    </dl>
    ${isKnotted(sketch) ? html`<p class="caution">${say("measure.knotted")}</p>` : nothing}
    <p class="hint">${say(sketch.kind === "height" ? "measure.on-model" : "measure.over-ground")}</p>`;
}

/** The flat map knows no heights. */
function flatWarning(context: ToolContext): TemplateResult | typeof nothing {
  const { say } = context.words;
  if (context.in3d) return nothing;
  if (!context.can3d) return html`<p class="caution">${say("measure.flat-only")}</p>`;
  return html`<div class="caution"><p>${say("measure.flat")}</p>
    <button type="button" class="btn" data-action="to-3d" @click=${() => context.change({ view: "3d" })}>
      ${say("measure.to-3d")}
    </button></div>`;
}

function kinds(context: ToolContext, sketch: Sketch, on: Drawing): TemplateResult {
  const { say } = context.words;
  const toMap = (event: KeyboardEvent) => {
    if (event.key === "Enter" && on.drawing) on.draw(context);
  };
  return html`<fieldset class="kinds" @keydown=${toMap}><legend>${say("measure.what")}</legend>
    ${SKETCH_KINDS.map(
      (
        kind,
      ) => html`<label><input type="radio" name="measure-kind" value=${kind} .checked=${sketch.kind === kind}
        @change=${(event: Event) => on.choose(context, kind, event.target as HTMLElement)}><span>${say(`measure.kind.${kind}`)}</span></label>`,
    )}
  </fieldset>`;
}

function actions(context: ToolContext, sketch: Sketch, on: Drawing): TemplateResult {
  const { say } = context.words;
  const none = sketch.points.length === 0;
  const last = () => on.remove(context, sketch.points.length - 1);
  const go = on.drawing
    ? html`<button type="button" class="btn main" data-action="done" @click=${() => on.end(context)}>${say("measure.done")}</button>`
    : isFull(sketch)
      ? nothing
      : html`<button type="button" class="btn main" data-action="draw" @click=${() => on.draw(context)}>${say(none ? "measure.begin" : "measure.further")}</button>`;
  return html`${go}
    <button type="button" class="btn" data-action="undo" ?disabled=${none} @click=${last}>${say("measure.remove-last")}</button>
    <button type="button" class="btn" data-action="restart" ?disabled=${none} @click=${() => on.restart(context)}>${say("measure.restart")}</button>`;
}

function points(context: ToolContext, sketch: Sketch, on: Drawing): TemplateResult {
  const { say } = context.words;
  const count = sketch.points.length;
  return html`<details class="points">
    <summary>${chevron}${say(count === 1 ? "measure.point" : "measure.points", { count })}</summary>
    <ol>${sketch.points.map((point, n) => pointRow(context, point, n, on))}</ol>
  </details>`;
}

function pointRow(context: ToolContext, point: SketchPoint, index: number, on: Drawing): TemplateResult {
  const { say, language } = context.words;
  const { x, y } = rdOf(point);
  const label = say("measure.remove-point", { number: index + 1 });
  return html`<li><div>
      <p>RD ${x.toFixed(1)}, ${y.toFixed(1)}</p>
      <p class="hint">${point.lat.toFixed(6)}, ${point.lon.toFixed(6)}${
        point.napM === undefined ? nothing : html` · ${napText(point.napM, language)}`
      }</p></div>
    <button type="button" class="x" aria-label=${label} title=${label} @click=${() => on.remove(context, index)}>
      ${icon("close")}
    </button></li>`;
}

function endOnEscape(context: ToolContext, on: Drawing, event: KeyboardEvent): void {
  if (event.key !== "Escape" || !on.drawing) return;
  event.preventDefault();
  event.stopPropagation();
  on.end(context);
}

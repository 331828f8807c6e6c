/** The box of a visitor's own files: what one can open, what is open, and what was chosen of it. */

import { html, nothing, type TemplateResult } from "lit";
import { ownBounds, ownFeatures } from "../../drawing/own-shapes";
import { OWN_COLOURS } from "../../drawing/palette";
import { leftInWords, noteInWords } from "../../own/own-words";
import { poseFor } from "../../state/bounds";
import type { OwnShown } from "../../state/own-files";
import { icon } from "../icons";
import type { ToolContext } from "../map-tools";
import { painted } from "../painted";
import { toolHead } from "../tools/tool-head";
import { type Answer, answers, forget, isReading, openFiles, stopReading } from "./opening";
import { placingForm } from "./placing-form";

const ACCEPT = ".geojson,.json,.jsonl,.csv,.tsv,.txt,.glb";
const MOST_VALUES = 100;
/** As far as a model or a single point is looked at from. */
const CLOSEST_M = 400;

/** The next file is read with x and y exchanged. */
let swapped = false;

export function ownBox(context: ToolContext, close: () => void): TemplateResult {
  const { say } = context.words;
  return html`<div class="own">
    ${toolHead(context, say("own.title"), close)}
    ${chosenPart(context)}
    <p class="own-mark">${say("own.private")}</p>
    ${fileField(context)}
    ${context.own.list.length === 0 ? nothing : html`<h3>${say("own.files")}</h3>`}
    ${context.own.list.map((file) => filePart(context, file))}
  </div>`;
}

function fileField(context: ToolContext): TemplateResult {
  const { say } = context.words;
  const chosen = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    void openFiles(context, files, swapped);
  };
  // The field lies over its label, whose words are ours; those of the field itself are the browser's.
  return html`<div class="file-field btn main">
      <label for="own-file">${say("own.choose")}</label>
      <input id="own-file" type="file" multiple accept=${ACCEPT} aria-disabled=${isReading() !== null}
        @click=${refuseWhileReading} @change=${chosen} />
    </div>
    ${reading(context)}
    ${answers().length === 0 ? nothing : html`<div class="own-answers">${answers().map(answerPart)}</div>`}
    <p class="hint">${say("own.kinds")}${context.phone ? nothing : ` ${say("own.drop")}`}</p>
    <label class="swap"><input type="checkbox" .checked=${swapped}
      @change=${(event: Event) => {
        swapped = (event.target as HTMLInputElement).checked;
      }} /><span>${say("own.swap")}</span></label>`;
}

/** Not disabled: that would take the focus away from who works by keyboard. */
function refuseWhileReading(event: Event): void {
  if (isReading() !== null) event.preventDefault();
}

function answerPart({ text, layer }: Answer): TemplateResult {
  return html`<p class=${layer === null ? "caution" : "own-opened"}>${text}</p>`;
}

function reading({ words }: ToolContext): TemplateResult | typeof nothing {
  const name = isReading();
  if (name === null) return nothing;
  return html`<p role="status">${words.say("own.reading", { name })}</p>
    <button type="button" class="btn" @click=${stopReading}>${words.say("own.stop")}</button>`;
}

function filePart(context: ToolContext, file: OwnShown): TemplateResult {
  const { words } = context;
  const { say } = words;
  const { counted, notes, title, model } = file.layer;
  const left = counted.leftOut.map((one) => leftInWords(one, words)).join(", ");
  const what =
    model?.form === "glb"
      ? say("own.model", { count: words.number(model.triangles) })
      : say("own.taken", { count: words.number(counted.taken) });
  return html`<article class="own-file" aria-label=${title}>
    <div class="row between">
      <h4><i class="swatch round" ${painted({ background: file.colour })}></i>${title}</h4>
      <button type="button" class="x" aria-label=${say("own.remove", { title })} title=${say("own.remove", { title })}
        @click=${() => remove(context, file)}>${icon("close")}</button>
    </div>
    <p>${what}</p>
    ${left === "" ? nothing : html`<p class="hint">${say("own.left", { what: left })}</p>`}
    ${notes.map((note) => html`<p class="hint">${noteInWords(note, words)}</p>`)}
    ${file.placing === null ? nothing : placingForm(context, file, file.placing)}
    ${file.undrawn ? html`<p class="caution" role="status">${say("own.undrawn")}</p>` : nothing}
    ${model === undefined || context.in3d ? nothing : html`<p class="hint">${say("own.flat-model")}</p>`}
    <div class="row actions">
      ${ownBounds(file) === null ? nothing : html`<button type="button" class="btn" data-action="zoom" @click=${() => zoom(context, file)}>${say("own.zoom")}</button>`}
      ${colourField(context, file)}
    </div>
  </article>`;
}

function colourField(context: ToolContext, file: OwnShown): TemplateResult {
  const { say } = context.words;
  const chosen = (event: Event) =>
    context.own.change(file.id, { colour: (event.target as HTMLSelectElement).value });
  return html`<label class="own-colour"><span>${say("own.colour")}</span>
    <select @change=${chosen}>${OWN_COLOURS.map(
      ({ name, hex }) =>
        html`<option value=${hex} ?selected=${hex === file.colour}>${say(`own.colour.${name}`)}</option>`,
    )}</select></label>`;
}

function remove(context: ToolContext, file: OwnShown): void {
  context.own.remove(file.id);
  forget(file.id);
  context.tell(context.words.say("own.removed", { title: file.layer.title }));
  context.focus("[data-box=own] h2");
}

function zoom(context: ToolContext, file: OwnShown): void {
  const bounds = ownBounds(file);
  const { camera } = context.screen;
  const from = camera ?? { ...context.twin.centre, heading: 0, pitch: -45, distance: CLOSEST_M };
  if (bounds === null) return;
  const pose = poseFor(bounds, from, { width: innerWidth, height: innerHeight });
  context.change({ camera: { ...pose, distance: Math.max(CLOSEST_M, pose.distance) } });
}

/** The chosen object: its attributes as they stand in the file, as text and nothing else. */
function chosenPart(context: ToolContext): TemplateResult | typeof nothing {
  const { say } = context.words;
  const file = context.own.list.find(({ chosen }) => chosen !== null);
  const feature = file === undefined ? undefined : ownFeatures(file)[file.chosen ?? -1];
  if (file === undefined || feature === undefined) return nothing;
  const rows = Object.entries(feature.properties).slice(0, MOST_VALUES);
  return html`<section class="own-object" aria-label=${say("own.object")}>
    <div class="row between"><h3>${feature.title || feature.id}</h3>
      <button type="button" class="x" aria-label=${say("own.unchoose")} @click=${() => context.own.chooseNothing()}>${icon("close")}</button>
    </div>
    <p class="own-mark">${say("own.not-ours", { title: file.layer.title })}</p>
    ${rows.length === 0 ? html`<p class="hint">${say("own.no-values")}</p>` : nothing}
    <dl class="own-values">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${valueText(context, value)}</dd></div>`)}</dl>
  </section>`;
}

function valueText({ words }: ToolContext, value: unknown): string {
  if (value === null || value === undefined || value === "") return words.say("own.empty");
  if (typeof value === "boolean") return words.say(value ? "own.yes" : "own.no");
  return String(value);
}

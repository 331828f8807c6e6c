/** Where a model stands that does not say so itself. */

import { html, type TemplateResult } from "lit";
import type { OwnPlacing } from "../../drawing/own-shapes";
import type { OwnShown } from "../../state/own-files";
import type { ToolContext } from "../map-tools";

interface Field {
  readonly name: keyof OwnPlacing;
  readonly least: number;
  readonly most: number;
  readonly step: string;
}

const FIELDS: readonly Field[] = [
  { name: "lon", least: 2, most: 8, step: "0.000001" },
  { name: "lat", least: 50, most: 56, step: "0.000001" },
  { name: "napM", least: -500, most: 1000, step: "0.1" },
  { name: "headingDeg", least: 0, most: 360, step: "1" },
];

export function placingForm(context: ToolContext, file: OwnShown, placing: OwnPlacing): TemplateResult {
  const { say } = context.words;
  const middle = () => {
    const { camera } = context.screen;
    if (camera === null) return;
    const at = { lon: Number(camera.lon.toFixed(6)), lat: Number(camera.lat.toFixed(6)) };
    context.own.change(file.id, { placing: { ...placing, ...at } });
  };
  return html`<fieldset class="placing"><legend>${say("own.place")}</legend>
    <div class="placing-fields">${FIELDS.map((field) => fieldOf(context, file, placing, field))}</div>
    <button type="button" class="btn" data-action="middle" @click=${middle}>${say("own.place.middle")}</button>
  </fieldset>`;
}

/** A number out of range changes nothing: the field goes back to what holds. */
function fieldOf(
  context: ToolContext,
  file: OwnShown,
  placing: OwnPlacing,
  { name, least, most, step }: Field,
): TemplateResult {
  const put = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const value = input.value === "" ? Number.NaN : Number(input.value);
    if (value >= least && value <= most)
      context.own.change(file.id, { placing: { ...placing, [name]: value } });
    else input.value = String(placing[name]);
  };
  return html`<label><span>${context.words.say(`own.place.${name}`)}</span>
    <input type="number" min=${least} max=${most} step=${step} .value=${String(placing[name])} @change=${put} /></label>`;
}

/** The section along a line: below the map where there is room, in the box on a phone. */

import { html, nothing, type TemplateResult } from "lit";
import { blockAt, csvOf, extent, type Profile } from "../../measure/profile";
import { lengthText, napText } from "../../measure/units";
import type { Sketch } from "../../state/screen";
import type { Words } from "../../words/words";
import { chevron, icon } from "../icons";
import type { ToolContext } from "../map-tools";
import { download } from "./downloads";
import { type ChartSize, exaggeration, profileChart } from "./profile-chart";
import { askAgain, type ProfileState, profileState } from "./profile-keeper";

const WIDE = { least: 420, most: 900, height: 190 } as const;
/** The panel of layers, the box beside the map, and the room around and within the section. */
const PANEL_PX = 360;
const BESIDE_PX = 528;
const NARROW: ChartSize = { width: 340, height: 200 };

export function profileInBox(context: ToolContext, sketch: Sketch): TemplateResult | typeof nothing {
  return context.phone ? section(context, sketch, NARROW) : nothing;
}

export function profileOver(context: ToolContext): TemplateResult {
  const { sketch } = context.screen;
  if (context.phone || sketch?.kind !== "profile" || sketch.points.length < 2) return html``;
  const name = context.words.say("measure.kind.profile");
  return html`<section class="profile-panel" aria-label=${name}>${section(context, sketch, wideSize(context))}</section>`;
}

/** As wide as it will be shown, so that its words keep their size. */
function wideSize({ screen }: ToolContext): ChartSize {
  const room = innerWidth - BESIDE_PX - (screen.panel === "explore" ? PANEL_PX : 0);
  return { width: Math.max(WIDE.least, Math.min(WIDE.most, room)), height: WIDE.height };
}

function section(context: ToolContext, sketch: Sketch, size: ChartSize): TemplateResult {
  const { say } = context.words;
  const state = profileState(context, sketch);
  if (sketch.points.length < 2) return html`<p class="hint">${say("measure.profile.line")}</p>`;
  if (state.failed)
    return html`<p class="caution">${say("measure.profile.failed")}</p>
      <button type="button" class="btn" @click=${() => askAgain(context)}>${say("map.again")}</button>`;
  if (state.profile === null) return html`<p class="hint" role="status">${say("measure.profile.busy")}</p>`;
  return drawn(context, state, state.profile, size);
}

function drawn(context: ToolContext, state: ProfileState, profile: Profile, size: ChartSize): TemplateResult {
  const { words } = context;
  const { say, language } = words;
  const title = say("measure.profile.title", { length: lengthText(profile.totalM, language) });
  const label = inWords(words, profile);
  const times = Math.max(1, Math.round(exaggeration(profile, size)));
  return html`<div class="profile" aria-busy=${state.busy}>
    ${context.phone ? html`<h3>${title}</h3>` : html`<h2>${title}</h2>`}
    <p class="hint">${label} ${times > 1 ? say("measure.profile.times", { times }) : nothing}</p>
    ${notes(words, state, profile)}
    <p class="unit" aria-hidden="true">m NAP</p>
    ${profileChart(profile, size, language, label)}
    <details class="points"><summary>${chevron}${say("measure.profile.table")}</summary>${table(words, profile)}
      <button type="button" class="btn" data-action="profile-csv" @click=${() => keep(words, profile)}>
        ${icon("table")}${say("measure.profile.csv")}
      </button>
    </details>
  </div>`;
}

/** What is not in the drawing. */
function notes({ say }: Words, { terrain }: ProfileState, profile: Profile): readonly TemplateResult[] {
  const gaps = profile.ground.some(({ napM }) => napM === null);
  const texts = [
    ...(terrain === null ? [say("measure.profile.no-terrain")] : gaps ? [say("measure.profile.gaps")] : []),
    ...(profile.unknown > 0 ? [say("measure.profile.unknown", { count: profile.unknown })] : []),
  ];
  return texts.map((text) => html`<p class="hint">${text}</p>`);
}

/** The section in one or two sentences; also for who does not see the drawing. */
function inWords({ say, language }: Words, profile: Profile): string {
  const known = profile.ground.flatMap(({ napM }) => (napM === null ? [] : [napM]));
  const nap = (metres: number) => napText(metres, language);
  const sentences: string[] = [];
  if (known.length > 0)
    sentences.push(
      say("measure.profile.ground", { low: nap(Math.min(...known)), high: nap(Math.max(...known)) }),
    );
  const roofs = profile.blocks.map(({ roofNapM }) => roofNapM);
  if (roofs.length > 0) {
    const key = roofs.length === 1 ? "measure.profile.roof" : "measure.profile.roofs";
    sentences.push(say(key, { count: roofs.length, high: nap(Math.max(...roofs)) }));
  }
  return extent(profile) === null ? say("measure.profile.nothing") : sentences.join(" ");
}

function table(words: Words, profile: Profile): TemplateResult {
  const { say, language } = words;
  const nap = (metres: number | null | undefined) =>
    metres == null ? say("measure.profile.unmeasured") : napText(metres, language);
  return html`<div class="profile-table" tabindex="0" role="region" aria-label=${say("measure.profile.table")}><table>
    <thead><tr><th scope="col">${say("measure.profile.along")}</th><th scope="col">${say("measure.profile.ground-col")}</th>
      <th scope="col">${say("measure.profile.roof-col")}</th><th scope="col">${say("measure.profile.building")}</th></tr></thead>
    <tbody>${profile.ground.map(({ alongM, napM }) => {
      const block = blockAt(profile.blocks, alongM);
      return html`<tr><td>${lengthText(alongM, language)}</td><td>${nap(napM)}</td>
        <td>${block === null ? "" : nap(block.roofNapM)}</td><td>${block?.title ?? ""}</td></tr>`;
    })}</tbody></table></div>`;
}

function keep({ say }: Words, profile: Profile): void {
  const head = [
    `${say("measure.profile.along")} (m)`,
    "lon",
    "lat",
    `${say("measure.profile.ground-col")} (m NAP)`,
    `${say("measure.profile.roof-col")} (m NAP)`,
    say("measure.profile.building"),
  ];
  download("hoogteprofiel.csv", "text/csv", csvOf(profile, head));
}

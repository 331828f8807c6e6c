/** The legend of the map: classes by the server or the twin, what tubes carry, and what is filtered away. */

import { html, nothing, type TemplateResult } from "lit";
import type { Layer, StyleClass } from "../api/shapes";
import { isRamp, UNKNOWN_COLOUR } from "../drawing/legend";
import { isPlanned } from "../drawing/planned";
import { lookOf } from "../state/looks";
import { conditionsOn, timed } from "../state/years";
import { columnTitle } from "../words/columns";
import type { Words } from "../words/words";
import { chips } from "./chips";
import { chevron } from "./icons";
import { painted } from "./painted";
import type { PanelContext } from "./panel-context";
import { CARRIES } from "./swatch";

/** In a window lower than this, or narrower with a panel and a card in it, the legend would cover most of the map. */
const HIGH_FROM_PX = 560;
const WIDE_FROM_PX = 1200;
/** There is only a panel or a card then. */
const ONE_OF_BOTH_BELOW_PX = 900;

interface Part {
  readonly layer: Layer;
  /** Among others, and as the only one. */
  readonly title: string;
  readonly alone: string;
  readonly keys: TemplateResult | typeof nothing;
}

/** Of all layers that are on and coloured, in the colours of what they carry, or filtered. */
export function legends(context: PanelContext): TemplateResult | typeof nothing {
  const parts = context.layers
    .filter((layer) => context.shown.includes(layer.id))
    .flatMap((layer) => part(context, layer));
  const year = ofYear(context);
  const live = context.live.part?.legend(context) ?? [];
  if (parts.length === 0 && live.length === 0 && year === nothing) return nothing;
  const { memory, words } = context;
  const open = memory.legendOpen ?? hasRoom(context);
  const toggle = (event: Event) => {
    event.preventDefault();
    memory.put({ legendOpen: !open });
  };
  const [first] = parts;
  const only = parts.length === 1 && live.length === 0 ? first?.alone : undefined;
  return html`<details class="legend" .open=${open}>
    <summary @click=${toggle}>${chevron}<h2>${only ?? words.say("panel.legend.label")}</h2></summary>
    ${live}
    ${parts.map(
      ({ layer, title, keys }) => html`<section>
        ${only === undefined ? html`<h3>${title}</h3>` : nothing}${keys}${chips(context, layer, true)}
      </section>`,
    )}
    ${year}
  </details>`;
}

/** Whether the legend may start open. */
function hasRoom({ screen }: PanelContext): boolean {
  const between = screen.panel === "explore" && screen.selection !== null;
  return (
    innerHeight >= HIGH_FROM_PX &&
    (!between || innerWidth >= WIDE_FROM_PX || innerWidth < ONE_OF_BOTH_BELOW_PX)
  );
}

function part(context: PanelContext, layer: Layer): readonly Part[] {
  const { words } = context;
  const { colour, where } = lookOf(context.screen, layer.id);
  const title = words.text(layer.title);
  const classes = colour === undefined ? null : context.legends.classes({ layer: layer.id, column: colour });
  if (colour !== undefined && classes !== null) {
    const what = columnTitle(layer, colour, words).toLowerCase();
    const alone = words.say("panel.legend", { what });
    return [{ layer, title: `${title}: ${what}`, alone, keys: coloured(context, layer, colour, classes) }];
  }
  const carried = layer.kind === "tubes" ? (layer.style.classes?.[CARRIES] ?? []) : [];
  if (carried.length > 0) return [{ layer, title, alone: title, keys: tubes(carried, words) }];
  if (isPlanned(layer)) return [{ layer, title, alone: title, keys: planned(title, words) }];
  return where === undefined ? [] : [{ layer, title, alone: title, keys: nothing }];
}

function coloured(
  context: PanelContext,
  layer: Layer,
  column: string,
  classes: readonly StyleClass[],
): TemplateResult {
  const { words } = context;
  // With the count of what is not known, as soon as the server has counted it.
  const missing = hidesUnknown(context, layer, column)
    ? 0
    : context.legends.summary({ layer: layer.id, column })?.missing;
  const unknown =
    missing === undefined
      ? words.say("panel.unknown")
      : words.say("panel.unknown-count", { count: words.number(missing) });
  return html`<ul class=${isRamp(classes) ? "ramp" : "keys"}>
    ${classes.map((one) => entry(one.colour, words.text(one.label), ""))}
    ${missing === 0 ? nothing : entry(UNKNOWN_COLOUR, unknown, "apart")}
  </ul>`;
}

/** Whether a condition on the same column keeps what is not known off the map. */
function hidesUnknown({ screen }: PanelContext, layer: Layer, column: string): boolean {
  const where = conditionsOn(screen, layer);
  return where.some((one) => one.column === column && one.unknown !== true);
}

/** How what is not there yet is drawn. */
function planned(title: string, words: Words): TemplateResult {
  return html`<ul class="keys"><li><i class="planned"></i>${title} (${words.say("time.planned")})</li></ul>`;
}

/** What the tubes on the map are, and whether their depth is known, in words. */
function tubes(classes: readonly StyleClass[], words: Words): TemplateResult {
  return html`<ul class="keys in-row">${classes.map((one) => entry(one.colour, words.text(one.label), ""))}</ul>`;
}

function entry(colour: string, label: string, more: string): TemplateResult {
  return html`<li class=${more}><i ${painted({ background: colour })}></i><span>${label}</span></li>`;
}

/** Of which year the map is, in a sentence. */
function ofYear({ words, layers, shown, screen }: PanelContext): TemplateResult | typeof nothing {
  const on = layers.filter((layer) => shown.includes(layer.id));
  const { year } = screen;
  if (year === null || timed(on).length === 0) return nothing;
  return html`<p class="of-year">${words.say("time.hides", { year })}</p>`;
}

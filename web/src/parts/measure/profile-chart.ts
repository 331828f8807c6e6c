/**
 * The section as a drawing. SVG of our own: a handful of shapes that scale, print, follow the colours of the
 * page and can be read aloud; a library for charts would weigh fifty times as much and draws no houses.
 */

import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import { extent, knownRuns, type Profile, roundSteps } from "../../measure/profile";
import { lengthText } from "../../measure/units";

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const LEFT = 48;
const RIGHT = 12;
const TOP = 14;
const BOTTOM = 30;
/** Below the lowest ground, so that the ground has a body. */
const UNDER_M = 2;

interface Scales {
  x(alongM: number): number;
  y(napM: number): number;
  readonly low: number;
  readonly high: number;
}

export function profileChart(
  profile: Profile,
  size: ChartSize,
  language: string,
  label: string,
): TemplateResult {
  const range = extent(profile);
  if (range === null) return html``;
  const scales = scalesOf(profile, range, size);
  return html`<svg class="profile-chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label=${label}>
    ${heightAxis(scales, size, language)}
    ${ground(profile, scales)}
    ${blocks(profile, scales)}
    ${groundLine(profile, scales)}
    ${distanceAxis(profile, scales, size, language)}
  </svg>`;
}

/** How many times the heights are drawn larger than the distances. */
export function exaggeration(profile: Profile, size: ChartSize): number {
  const range = extent(profile);
  if (range === null || profile.totalM === 0) return 1;
  const { x, y } = scalesOf(profile, range, size);
  return (y(0) - y(1)) / (x(1) - x(0));
}

function scalesOf(profile: Profile, [least, most]: readonly [number, number], size: ChartSize): Scales {
  const low = Math.floor(least - UNDER_M);
  const high = Math.max(most + 1, low + 6);
  const wide = size.width - LEFT - RIGHT;
  const tall = size.height - TOP - BOTTOM;
  return {
    low,
    high,
    x: (alongM) => LEFT + (alongM / Math.max(profile.totalM, 1e-6)) * wide,
    y: (napM) => TOP + ((high - napM) / (high - low)) * tall,
  };
}

function ground({ ground: samples }: Profile, { x, y, low }: Scales): readonly SVGTemplateResult[] {
  return knownRuns(samples).map((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return svg``;
    const top = run.map(({ alongM, napM }) => `${fixed(x(alongM))} ${fixed(y(napM ?? 0))}`).join("L");
    return svg`<path class="under" d="M${fixed(x(first.alongM))} ${fixed(y(low))}L${top}L${fixed(x(last.alongM))} ${fixed(y(low))}Z"/>`;
  });
}

function groundLine({ ground: samples }: Profile, { x, y }: Scales): readonly SVGTemplateResult[] {
  return knownRuns(samples).map((run) => {
    const line = run.map(({ alongM, napM }) => `${fixed(x(alongM))} ${fixed(y(napM ?? 0))}`).join("L");
    return svg`<path class="ground" d="M${line}"/>`;
  });
}

function blocks({ blocks: all }: Profile, { x, y }: Scales): readonly SVGTemplateResult[] {
  return all.map(({ fromM, toM, baseNapM, roofNapM, title }) => {
    const [left, top] = [x(fromM), y(roofNapM)];
    return svg`<rect class="block" x=${fixed(left)} y=${fixed(top)} width=${fixed(Math.max(1, x(toM) - left))}
      height=${fixed(Math.max(1, y(baseNapM) - top))}><title>${title}</title></rect>`;
  });
}

function heightAxis({ y, low, high }: Scales, size: ChartSize, language: string): SVGTemplateResult {
  const number = new Intl.NumberFormat(language === "en" ? "en-GB" : "nl-NL", { signDisplay: "exceptZero" });
  return svg`${roundSteps(low, high, 5).map(
    (
      nap,
    ) => svg`<line class=${nap === 0 ? "grid zero" : "grid"} x1=${LEFT} x2=${size.width - RIGHT} y1=${fixed(y(nap))} y2=${fixed(y(nap))}/>
      <text x=${LEFT - 8} y=${fixed(y(nap) + 4)} text-anchor="end">${number.format(nap).replace("-", "−")}</text>`,
  )}`;
}

function distanceAxis(
  { totalM }: Profile,
  { x }: Scales,
  size: ChartSize,
  language: string,
): SVGTemplateResult | typeof nothing {
  if (totalM === 0) return nothing;
  const steps = roundSteps(0, totalM, size.width < 500 ? 3 : 7);
  const whole = totalM >= 10 ? steps.map(Math.round) : steps;
  return svg`${whole.map((along) => {
    const last = along > totalM * 0.93;
    return svg`<text x=${fixed(x(along))} y=${size.height - 8} text-anchor=${along === 0 ? "start" : last ? "end" : "middle"}>${lengthText(along, language).replace(/[,.]0(?=\D)/, "")}</text>`;
  })}`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

/** Line icons of 20 by 20. Decoration: the words are beside them or in a label. */

import { type SVGTemplateResult, svg } from "lit";

const PATHS = {
  search: svg`<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4 4"/>`,
  next: svg`<path d="m8 5 5 5-5 5"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  north: svg`<path d="M10 1.5 13 10H7z" fill="currentColor"/><path d="M10 18.5 7 10h6z"/>`,
  plus: svg`<path d="M10 4v12M4 10h12"/>`,
  minus: svg`<path d="M4 10h12"/>`,
  home: svg`<path d="m3 10 7-6 7 6M5 8.5V16h10V8.5"/>`,
  layers: svg`<path d="m10 3 7 4-7 4-7-4zM3 11l7 4 7-4"/>`,
  underground: svg`<path d="M2.5 6.500h15"/><path d="M5 6.500v2M10 6.500v2M15 6.500v2"/><circle cx="10" cy="13.500" r="3.500"/>`,
  file: svg`<path d="M5 2.500h6.500L15 6v11.500H5zM11 2.500V6.500h4M10 14.500V9.500M7.800 11.500 10 9.300l2.200 2.200"/>`,
  measure: svg`<path d="m2.500 13 10.500-10.500 4.500 4.500L7 17.500z"/><path d="m5.500 10 2 2M8.500 7l2 2M11.500 4l2 2"/>`,
  sun: svg`<circle cx="10" cy="10" r="3.500"/><path d="M10 1.800v2.200M10 16v2.200M1.800 10H4M16 10h2.200M4.200 4.200l1.600 1.600M14.200 14.200l1.600 1.600M15.800 4.200l-1.600 1.600M5.800 14.200l-1.600 1.600"/>`,
  walk: svg`<circle cx="10.500" cy="3.500" r="1.500"/><path d="m7 18 2.500-5.500L8.500 9l2-2.500 2.500 3 2.500 1M8.500 9 6 11M10 12.500l2.500 2 .500 3.500"/>`,
  detail: svg`<path d="M2.500 10s2.800-5 7.500-5 7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5Z"/><circle cx="10" cy="10" r="2.300"/>`,
  up: svg`<path d="M10 16V4.500M5 9l5-5 5 5"/>`,
  down: svg`<path d="M10 4v11.500M5 11l5 5 5-5"/>`,
  left: svg`<path d="M4 7.500h8a4 4 0 0 1 0 8H9M7.500 4 4 7.500 7.500 11"/>`,
  right: svg`<path d="M16 7.500H8a4 4 0 0 0 0 8h3M12.500 4 16 7.500 12.500 11"/>`,
  more: svg`<circle cx="4" cy="10" r="1" fill="currentColor"/><circle cx="10" cy="10" r="1" fill="currentColor"/><circle cx="16" cy="10" r="1" fill="currentColor"/>`,
  undo: svg`<path d="M7 4 3 8l4 4M3 8h8.500a5 5 0 0 1 0 10H8"/>`,
  redo: svg`<path d="m13 4 4 4-4 4M17 8H8.500a5 5 0 0 0 0 10H12"/>`,
  picture: svg`<path d="M3 4h14v12H3zM3 14l4-4 3 3 3-4 4 5"/><circle cx="7" cy="7.500" r="1"/>`,
  print: svg`<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11h8v6H6z"/>`,
  table: svg`<path d="M3 4h14v12H3zM3 8h14M3 12h14M8 4v12"/>`,
  map: svg`<path d="m3 5 5-2 4 2 5-2v12l-5 2-4-2-5 2zM8 3v12M12 5v12"/>`,
  share: svg`<circle cx="5" cy="10" r="2"/><circle cx="15" cy="5" r="2"/><circle cx="15" cy="15" r="2"/><path d="m6.8 9 6.4-3.2M6.8 11l6.4 3.2"/>`,
  air: svg`<path d="M2 7h9a2.5 2.5 0 1 0-2.4-3.2M2 11h13a2.5 2.5 0 1 1-2.4 3.2M2 15h6"/>`,
  groundwater: svg`<path d="M10 2.5c3 4 5 6.2 5 9a5 5 0 0 1-10 0c0-2.800 2-5 5-9Z"/>`,
  traffic: svg`<path d="M3 12l1.500-4.500A2 2 0 0 1 6.400 6h7.200a2 2 0 0 1 1.900 1.500L17 12v4h-2.500v-1.500h-9V16H3zM3 12h14"/>`,
  nearby: svg`<circle cx="10" cy="10" r="7.5"/><path d="M10 5.500V10l3 2"/>`,
  plans: svg`<path d="M3 17V8l5-3v12M8 9l8-4v12M2 17h16"/>`,
  energy: svg`<path d="M11 2 4.500 11.500H9L8 18l7-9.500h-4.500z"/>`,
  age: svg`<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3 2"/>`,
  nature: svg`<path d="M10 2.5c3 4 5 6.2 5 9a5 5 0 0 1-10 0c0-2.8 2-5 5-9Z"/>`,
  neighbourhood: svg`<path d="M10 18c4-4.5 5.500-6.800 5.500-9.500a5.500 5.500 0 0 0-11 0C4.500 11.200 6 13.500 10 18Z"/><circle cx="10" cy="8.5" r="2"/>`,
  time: svg`<path d="M2.500 15h15M5 15v-3M8.300 15V9M11.700 15V6M15 15V3"/>`,
  play: svg`<path d="M6 4v12l10-6z"/>`,
  pause: svg`<path d="M7 4v12M13 4v12"/>`,
  swipe: svg`<path d="M10 2.500v15M3 5h4M3 10h4M3 15h4M13 5h4v10h-4z"/>`,
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, size = 20): SVGTemplateResult {
  return svg`<svg width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor"
    stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}

export const chevron = svg`<svg class="chev" width="16" height="16" viewBox="0 0 20 20" fill="none"
  stroke="currentColor" stroke-width="2" aria-hidden="true"><path d="m7 4 6 6-6 6"/></svg>`;

/** What stands around the map in a picture or on paper: the same words as on the screen. */

import { UNKNOWN_COLOUR } from "../drawing/legend";
import type { ToolContext } from "../parts/map-tools";
import { coloured } from "../state/looks";
import { columnTitle } from "../words/columns";
import type { SheetFacts, SheetLegend } from "./map-sheet";

export function sheetFacts(context: ToolContext, now: Date): SheetFacts {
  const { words, layers, shown, screen, twin } = context;
  const { say } = words;
  const on = layers.filter((layer) => shown.includes(layer.id));
  const sources = [...new Set(on.map((layer) => `${layer.source} (${layer.licence})`))].join(", ");
  const lines = [say("share.sheet.date", { date: words.date(now.toISOString().slice(0, 10)) })];
  if (context.view === "3d") lines.push(say("share.sheet.scale-3d"));
  if (screen.year !== null) lines.push(say("time.hides", { year: screen.year }));
  if (twin.invented) lines.push(words.text(twin.notice) || say("page.invented"));
  return {
    title: words.text(twin.title),
    lines,
    legends: legendsOf(context),
    credits: [say("map.sources", { sources }), location.href],
    north: say("share.sheet.north"),
  };
}

function legendsOf(context: ToolContext): readonly SheetLegend[] {
  const { words, layers, shown, legends, screen } = context;
  return coloured(screen.looks).flatMap((choice) => {
    const classes = shown.includes(choice.layer) ? legends.classes(choice) : null;
    if (classes === null) return [];
    const layer = layers.find((one) => one.id === choice.layer);
    const entries = classes.map(({ colour, label }) => ({ colour, label: words.text(label) }));
    const unknown = { colour: UNKNOWN_COLOUR, label: words.say("panel.unknown") };
    const what = columnTitle(layer, choice.column, words).toLowerCase();
    const title = `${words.text(layer?.title)}, ${words.say("panel.legend", { what }).toLowerCase()}`;
    return [{ title, entries: [...entries, unknown] }];
  });
}

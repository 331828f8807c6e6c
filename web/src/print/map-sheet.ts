/** The map as one picture for a report: title, map, legend, scale, north and credits on a canvas. */

import { CITY, LABEL } from "../drawing/palette";
import type { Picture } from "../scene/picture";
import { scaleBar } from "./scale-bar";

export interface SheetLegend {
  readonly title: string;
  readonly entries: readonly { readonly colour: string; readonly label: string }[];
}

export interface SheetFacts {
  readonly title: string;
  /** Under the title: date, and what the picture cannot show by itself. */
  readonly lines: readonly string[];
  readonly legends: readonly SheetLegend[];
  /** Sources, licences and the address, each on a line of its own. */
  readonly credits: readonly string[];
  readonly north: string;
}

const MARGIN = 24;
const LINE = 20;
const FONT = '"Source Sans 3", sans-serif';
const PAPER = "#ffffff";

/** Heights in CSS pixels; the canvas has `ratio` times as many. */
export function drawSheet(picture: Picture, facts: SheetFacts): HTMLCanvasElement {
  const { ratio } = picture;
  const width = picture.canvas.width / ratio;
  const mapHeight = picture.canvas.height / ratio;
  const measure = document.createElement("canvas").getContext("2d");
  if (measure === null) throw new Error("no canvas");
  const inner = width - 2 * MARGIN;
  measure.font = `14px ${FONT}`;
  const credits = facts.credits.flatMap((text) => wrapped(measure, text, inner));
  const lines = facts.lines.flatMap((text) => wrapped(measure, text, inner));
  const rows = facts.legends.map((legend) => legendRows(measure, legend, inner));
  const head = MARGIN + 32 + lines.length * LINE + 8;
  const legends = rows.reduce((sum, row) => sum + (row.length + 1) * LINE + 8, 0);
  const foot = 16 + legends + credits.length * LINE + MARGIN;
  const sheet = document.createElement("canvas");
  sheet.width = picture.canvas.width;
  sheet.height = Math.round((head + mapHeight + foot) * ratio);
  const pen = sheet.getContext("2d");
  if (pen === null) throw new Error("no canvas");
  pen.scale(ratio, ratio);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, head + mapHeight + foot);
  pen.textBaseline = "alphabetic";
  write(pen, facts.title, MARGIN, MARGIN + 20, `600 24px ${FONT}`);
  for (const [n, text] of lines.entries()) {
    write(pen, text, MARGIN, MARGIN + 32 + (n + 1) * LINE - 4, `14px ${FONT}`);
  }
  pen.drawImage(picture.canvas, 0, head, width, mapHeight);
  drawScale(pen, picture, MARGIN, head + mapHeight - 28);
  drawNorth(pen, picture.headingDeg, facts.north, width - MARGIN - 20, head + 40);
  let y = head + mapHeight + 16 + LINE - 4;
  for (const [n, legend] of facts.legends.entries()) {
    write(pen, legend.title, MARGIN, y, `600 14px ${FONT}`);
    for (const row of rows[n] ?? []) {
      y += LINE;
      drawRow(pen, row, y);
    }
    y += LINE + 8;
  }
  for (const text of credits) {
    write(pen, text, MARGIN, y, `14px ${FONT}`);
    y += LINE;
  }
  return sheet;
}

interface Placed {
  readonly colour: string;
  readonly label: string;
  readonly x: number;
}

/** The keys of a legend, as many on a line as fit. */
function legendRows(
  pen: CanvasRenderingContext2D,
  legend: SheetLegend,
  width: number,
): readonly (readonly Placed[])[] {
  const rows: Placed[][] = [[]];
  let x = 0;
  for (const { colour, label } of legend.entries) {
    const wide = 28 + pen.measureText(label).width + 20;
    if (x > 0 && x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ colour, label, x });
    x += wide;
  }
  return rows;
}

function drawRow(pen: CanvasRenderingContext2D, row: readonly Placed[], y: number): void {
  for (const { colour, label, x } of row) {
    pen.fillStyle = colour;
    pen.fillRect(MARGIN + x, y - 12, 20, 12);
    pen.strokeStyle = CITY.edge;
    pen.lineWidth = 1;
    pen.strokeRect(MARGIN + x + 0.5, y - 11.5, 19, 11);
    write(pen, label, MARGIN + x + 28, y, `14px ${FONT}`);
  }
}

function write(pen: CanvasRenderingContext2D, text: string, x: number, y: number, font: string): void {
  pen.font = font;
  pen.fillStyle = LABEL.ink;
  pen.fillText(text, x, y);
}

/** A bar with its length, on a light plate so that it reads on any ground. */
function drawScale(pen: CanvasRenderingContext2D, picture: Picture, x: number, y: number): void {
  const bar = scaleBar(picture.metresPerPixel, 160);
  pen.fillStyle = "rgba(255, 255, 255, 0.85)";
  pen.fillRect(x - 8, y - 22, bar.pixels + 16, 36);
  write(pen, bar.label, x, y - 4, `600 14px ${FONT}`);
  pen.strokeStyle = LABEL.ink;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x, y + 6);
  pen.lineTo(x + bar.pixels, y + 6);
  pen.lineTo(x + bar.pixels, y);
  pen.stroke();
}

function drawNorth(
  pen: CanvasRenderingContext2D,
  headingDeg: number,
  letter: string,
  x: number,
  y: number,
): void {
  pen.fillStyle = "rgba(255, 255, 255, 0.85)";
  pen.beginPath();
  pen.arc(x, y, 24, 0, 2 * Math.PI);
  pen.fill();
  pen.save();
  pen.translate(x, y);
  pen.rotate((-headingDeg * Math.PI) / 180);
  pen.fillStyle = LABEL.ink;
  pen.beginPath();
  pen.moveTo(0, -20);
  pen.lineTo(6, 2);
  pen.lineTo(-6, 2);
  pen.fill();
  pen.textAlign = "center";
  write(pen, letter, 0, 18, `600 14px ${FONT}`);
  pen.textAlign = "start";
  pen.restore();
}

/** Lines that fit; a word that is longer than a line stays whole. */
function wrapped(pen: CanvasRenderingContext2D, text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  // An address may be broken before a part of its query.
  for (const word of text.split(/(?<= )|(?=[&|])/)) {
    if (line !== "" && pen.measureText(line + word.trimEnd()).width > width) {
      lines.push(line.trimEnd());
      line = word;
    } else line += word;
  }
  return line === "" ? lines : [...lines, line];
}

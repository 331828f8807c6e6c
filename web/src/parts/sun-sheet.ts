/** Pictures with captions, put together as one. */

import type { Insets, Size } from "../scene/pose";

export interface Shot {
  readonly canvas: HTMLCanvasElement;
  readonly caption: string;
  readonly text: string;
}

const COLUMNS = 4;
const GAP = 24;
const HEAD = 84;
const CAPTION = 62;
const FOOT = 60;
const INK = "#26231e";
const SUBTLE = "#5f584d";
const FONT = '"Source Sans 3", sans-serif';

/** The part of a picture of the whole map that no panel covers. */
export function cropped(picture: HTMLCanvasElement, size: Size, insets: Insets): HTMLCanvasElement {
  const scale = picture.width / size.width;
  const width = Math.max(1, Math.round((size.width - insets.left - insets.right) * scale));
  const height = Math.max(1, Math.round((size.height - insets.top - insets.bottom) * scale));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const [x, y] = [insets.left * scale, insets.top * scale];
  canvas.getContext("2d")?.drawImage(picture, x, y, width, height, 0, 0, width, height);
  return canvas;
}

/** Four beside each other below a heading, with who made the data at the foot. */
export function sheetOf(shots: readonly Shot[], heading: string, sources: string): HTMLCanvasElement {
  const [wide, high] = [shots[0]?.canvas.width ?? 1, shots[0]?.canvas.height ?? 1];
  const rows = Math.ceil(shots.length / COLUMNS);
  const sheet = document.createElement("canvas");
  sheet.width = COLUMNS * wide + (COLUMNS + 1) * GAP;
  sheet.height = HEAD + rows * (high + CAPTION + GAP) + FOOT;
  const context = sheet.getContext("2d");
  if (context === null) return sheet;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  const write = (text: string, x: number, y: number, font: string, colour: string, most: number) => {
    context.font = `${font} ${FONT}`;
    context.fillStyle = colour;
    context.fillText(text, x, y, most);
  };
  write(heading, GAP, 54, "600 34px", INK, sheet.width - 2 * GAP);
  shots.forEach(({ canvas, caption, text }, n) => {
    const x = GAP + (n % COLUMNS) * (wide + GAP);
    const y = HEAD + Math.floor(n / COLUMNS) * (high + CAPTION + GAP);
    context.drawImage(canvas, x, y);
    write(caption, x, y + high + 26, "600 22px", INK, wide);
    write(text, x, y + high + 52, "400 19px", SUBTLE, wide);
  });
  write(sources, GAP, sheet.height - 26, "400 18px", SUBTLE, sheet.width - 2 * GAP);
  return sheet;
}

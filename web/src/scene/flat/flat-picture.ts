/** What the flat map shows, on one canvas: the tiles, what is drawn over them, and the names. */

/** `host` holds Leaflet's panes, cut at `divide` of its width when it shows two sides. Canvas and SVG lie in the order of the document, from the ground up. */
export async function flatPicture(
  host: HTMLElement,
  divide: number | null,
): Promise<HTMLCanvasElement | null> {
  const box = host.getBoundingClientRect();
  const ratio = Math.max(1, devicePixelRatio);
  const copy = document.createElement("canvas");
  copy.width = Math.round(box.width * ratio);
  copy.height = Math.round(box.height * ratio);
  const pen = copy.getContext("2d");
  if (pen === null || copy.width === 0 || copy.height === 0) return null;
  pen.fillStyle = getComputedStyle(host).backgroundColor;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.scale(ratio, ratio);
  for (const part of host.querySelectorAll<HTMLElement | SVGSVGElement>(
    "canvas, .leaflet-pane svg, .leaflet-tile img, .sketch-label span",
  )) {
    const at = part.getBoundingClientRect();
    if (at.width === 0 || at.height === 0) continue;
    if (part instanceof HTMLSpanElement) {
      write(pen, part, new DOMRect(at.left - box.left, at.top - box.top, at.width, at.height));
      continue;
    }
    const drawn = part instanceof SVGSVGElement ? await drawing(part, at) : (part as HTMLCanvasElement);
    if (drawn instanceof HTMLCanvasElement && drawn.width === 0) continue;
    // Tiles overlap by half a pixel, or their edges would show as thin lines.
    const more = part.closest(".city-tiles") === null ? 0 : 0.5;
    pen.save();
    if (divide !== null && more > 0) cut(pen, box, divide, part.closest(".leaflet-right-pane") !== null);
    pen.drawImage(drawn, at.left - box.left, at.top - box.top, at.width + more, at.height + more);
    pen.restore();
  }
  return copy;
}

/** Words on a plate, as they stand on the screen. */
function write(pen: CanvasRenderingContext2D, words: HTMLElement, at: DOMRect): void {
  const style = getComputedStyle(words);
  pen.fillStyle = style.backgroundColor;
  pen.beginPath();
  pen.roundRect(at.x, at.y, at.width, at.height, Number.parseFloat(style.borderTopLeftRadius) || 0);
  pen.fill();
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = style.color;
  pen.fillText(words.textContent ?? "", at.x + at.width / 2, at.y + at.height / 2);
}

/** Only one side of the line is drawn on. */
function cut(pen: CanvasRenderingContext2D, box: DOMRect, divide: number, right: boolean): void {
  const line = box.width * divide;
  pen.beginPath();
  pen.rect(right ? line : 0, 0, right ? box.width - line : line, box.height);
  pen.clip();
}

/** An SVG as a picture. Its styles are attributes of its own, so it looks the same by itself. */
async function drawing(svg: SVGSVGElement, { width, height }: DOMRect): Promise<HTMLImageElement> {
  const alone = svg.cloneNode(true) as SVGSVGElement;
  alone.setAttribute("width", String(width));
  alone.setAttribute("height", String(height));
  alone.removeAttribute("style");
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(alone))}`;
  await image.decode();
  return image;
}

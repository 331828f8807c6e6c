/** A symbol in a legend or a list: the very picture of the map. */

import { html, noChange, type TemplateResult } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import { type Look, paintSymbol, SYMBOL_REACH, symbolKey } from "../drawing/live-symbols";

class Symbolic extends Directive {
  private key = "";

  render(_: Look): unknown {
    return noChange;
  }

  override update(part: ElementPart, [look]: [Look]): unknown {
    const key = symbolKey(look);
    if (key === this.key) return noChange;
    this.key = key;
    const canvas = part.element as HTMLCanvasElement;
    const sharp = Math.max(2, devicePixelRatio);
    canvas.width = canvas.height = 2 * SYMBOL_REACH * sharp;
    const pen = canvas.getContext("2d");
    if (pen !== null) {
      pen.scale(sharp, sharp);
      pen.translate(SYMBOL_REACH, SYMBOL_REACH);
      paintSymbol(pen, look);
    }
    return noChange;
  }
}

const symbolic = directive(Symbolic);

export function symbolImage(look: Partial<Look>): TemplateResult {
  const whole: Look = {
    form: "circle",
    glyph: "",
    colour: "",
    stale: false,
    suspect: false,
    chosen: false,
    ...look,
  };
  return html`<canvas class="live-symbol" aria-hidden="true" ${symbolic(whole)}></canvas>`;
}

/** A scale of metres NAP at the edge of the map, for who looks below the ground. It moves with the pose. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { type DepthMark, depthMarks, heightOnScreen } from "../scene/depth-marks";
import { EYE_M } from "../scene/pose";
import type { Words } from "../words/words";
import { POSED, type Posed } from "./map-keeper";
import { painted } from "./painted";

const STREET_APART = 16;

export class DepthScale extends LitElement {
  static override properties = {
    words: { attribute: false },
    depth: { attribute: false },
    street: { attribute: false },
    first: { attribute: false },
    posed: { state: true },
  };

  declare words: Words;
  /** Metres below the street, and the street in metres NAP. */
  declare depth: number;
  declare street: number;
  declare first: Posed | null;
  private declare posed: Posed | null;
  private readonly stop = new AbortController();
  private asked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.posed = null;
    document
      .querySelector(".map")
      ?.addEventListener(POSED, (event) => this.follow(event as CustomEvent<Posed>), {
        signal: this.stop.signal,
      });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.asked);
    this.stop.abort();
  }

  private follow({ detail }: CustomEvent<Posed>): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => {
      this.posed = detail;
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const now = this.posed ?? this.first;
    if (now === null) return nothing;
    const { say } = this.words;
    const { pose, size, insets } = now;
    const eyeNapM = this.street + (this.depth > 0 ? -this.depth : EYE_M);
    const at = (napM: number) => heightOnScreen(pose, size, insets, eyeNapM, napM);
    const [street, eye] = [at(this.street), at(eyeNapM)];
    const marks = depthMarks(pose, size, insets, eyeNapM, this.street).filter(
      ({ y }) =>
        (street === null || Math.abs(y - street) > STREET_APART) &&
        (eye === null || Math.abs(y - eye) > STREET_APART),
    );
    const ends = [...marks.map(({ y }) => y), ...[street, eye].filter((y) => y !== null)];
    const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
    const eyeText = say("map.depth.eye", { metres: this.metres(eyeNapM) });
    return html`<div class="depth-scale" role="img" aria-label=${say("map.depth.label", { metres: this.metres(eyeNapM) })}>
      <span class="depth-line" ${painted({ top: `${top}px`, height: `${bottom - top}px` })}></span>
      <span class="depth-unit" ${painted({ top: `${Math.max(14, top - 26)}px` })}>${say("map.depth.unit")}</span>
      ${marks.map((mark) => this.mark(mark))}
      ${this.line("depth-street", street, eye, size.height, say("map.depth.street"))}
      ${this.line("depth-eye", eye, null, size.height, eyeText)}
    </div>`;
  }

  private mark({ napM, y }: DepthMark): TemplateResult {
    return html`<span class="depth-mark" ${painted({ top: `${Math.round(y)}px` })}>${this.metres(napM)}</span>`;
  }

  private line(
    name: string,
    y: number | null,
    other: number | null,
    height: number,
    text: string,
  ): TemplateResult | typeof nothing {
    const hidden = y === null || y < 12 || y > height - 12;
    if (hidden || (other !== null && Math.abs(y - other) < STREET_APART)) return nothing;
    return html`<span class=${name} ${painted({ top: `${Math.round(y)}px` })}>${text}</span>`;
  }

  /** With a true minus sign. */
  private metres(napM: number): string {
    const rounded = Math.round(napM * 10) / 10;
    return this.words.number(rounded === 0 ? 0 : rounded).replace("-", "−");
  }
}

customElements.define("tw-depth-scale", DepthScale);

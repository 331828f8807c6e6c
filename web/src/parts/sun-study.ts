/** Twelve small pictures of the view in the sun of a day or of a year, in a dialog. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { PictureHow } from "../scene/engine";
import type { Picture } from "../scene/picture";
import type { Place } from "../sun/day";
import { STUDY_KINDS, type StudyKind, studyMoments } from "../sun/study";
import type { Words } from "../words/words";
import type { Posed } from "./map-keeper";
import { cropped, type Shot, sheetOf } from "./sun-sheet";
import { sunMoment, sunSentence } from "./sun-words";

/** Of the part of the map that no panel covers. */
const WIDTH = 420;

export class SunStudy extends LitElement {
  static override properties = {
    words: { attribute: false },
    sun: { attribute: false },
    place: { attribute: false },
    of: { attribute: false },
    sources: { attribute: false },
    make: { attribute: false },
    posed: { attribute: false },
    kind: { state: true },
    shots: { state: true },
    state: { state: true },
  };

  declare words: Words;
  declare sun: string;
  declare place: Place;
  declare of: string;
  declare sources: string;
  declare make: (how: PictureHow) => Promise<Picture | null>;
  declare posed: () => Posed | null;
  private declare kind: StudyKind;
  private declare shots: readonly Shot[];
  private declare state: "asking" | "making" | "made" | "failed";
  private turn = 0;

  constructor() {
    super();
    this.kind = "day";
    this.shots = [];
    this.state = "asking";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.turn += 1;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  private open(): void {
    this.state = "asking";
    this.shots = [];
    this.dialog?.showModal();
  }

  /** One picture at a time, with room in between for a press on the button that stops it. */
  private async start(): Promise<void> {
    const turn = ++this.turn;
    this.state = "making";
    this.shots = [];
    for (const sun of studyMoments(this.kind, this.sun, this.place)) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (turn !== this.turn) return;
      const shot = await this.shoot(sun);
      if (turn !== this.turn) return;
      if (shot === null) {
        this.state = "failed";
        return;
      }
      this.shots = [...this.shots, shot];
    }
    this.state = "made";
  }

  private async shoot(sun: string): Promise<Shot | null> {
    const posed = this.posed();
    if (posed === null) return null;
    const { size, insets } = posed;
    const free = Math.max(1, size.width - insets.left - insets.right);
    const picture = await this.make({ sun, width: Math.round((WIDTH * size.width) / free) });
    if (picture === null) return null;
    const canvas = cropped(picture.canvas, size, insets);
    const caption = sunMoment(this.words, sun);
    const text = sunSentence(this.words, sun, this.place);
    canvas.setAttribute("role", "img");
    canvas.setAttribute(
      "aria-label",
      this.words.say("map.study.alt", { place: this.of, moment: caption, sun: text }),
    );
    return { canvas, caption, text };
  }

  private stopMaking(): void {
    this.turn += 1;
    this.state = "asking";
    this.shots = [];
  }

  private download(): void {
    const sheet = sheetOf(this.shots, this.heading(), this.sources);
    sheet.toBlob((blob) => {
      if (blob === null) return;
      const url = URL.createObjectURL(blob);
      const link = document.createElement("a");
      link.href = url;
      link.download = `zonnestudie-${this.sun.slice(0, 10)}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }, "image/png");
  }

  private heading(): string {
    const { say } = this.words;
    const when =
      this.kind === "day"
        ? this.words.date(this.sun.slice(0, 10))
        : say("map.study.year-at", { year: this.sun.slice(0, 4), time: this.sun.slice(11) });
    return say("map.study.heading", { place: this.of, when });
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("shots") && !changed.has("state")) return;
    for (const figure of this.querySelectorAll<HTMLElement>("figure[data-n]")) {
      const canvas = this.shots[Number(figure.getAttribute("data-n"))]?.canvas;
      if (canvas !== undefined && figure.firstElementChild !== canvas) {
        figure.querySelector("canvas")?.remove();
        figure.prepend(canvas);
      }
    }
  }

  protected override render(): TemplateResult {
    const { say } = this.words;
    return html`<button type="button" class="btn" data-action="study" @click=${() => this.open()}>${say("map.study.open")}</button>
      <dialog class="study" aria-labelledby="study-title" @close=${() => this.stopMaking()}>
        <h2 id="study-title">${say("map.study.title")}</h2>
        ${this.state === "asking" ? this.question() : nothing}
        ${this.state === "making" ? this.progress() : nothing}
        ${this.state === "failed" ? html`<p role="alert">${say("map.study.failed")}</p>` : nothing}
        ${this.state === "made" ? html`<p role="status">${say("map.study.made")} ${this.heading()}.</p>` : nothing}
        <div class="study-grid">${this.shots.map((shot, n) => figure(shot, n))}</div>
        ${this.state === "made" ? html`<p class="hint">${this.sources}</p>` : nothing}
        <div class="row study-foot">
          ${
            this.state === "made"
              ? html`<button type="button" class="btn main" data-action="download" @click=${() => this.download()}>${say("map.study.download")}</button>`
              : nothing
          }
          <button type="button" class="btn quiet" @click=${() => this.dialog?.close()}>${say("map.study.close")}</button>
        </div>
      </dialog>`;
  }

  private question(): TemplateResult {
    const { say } = this.words;
    return html`<p>${say("map.study.text")}</p>
      <fieldset class="study-kind"><legend class="vh">${say("map.study.kind")}</legend>
        ${STUDY_KINDS.map(
          (kind) => html`<label><input type="radio" name="study" .checked=${this.kind === kind}
            @change=${() => (this.kind = kind)} />${say(`map.study.kind.${kind}`)}</label>`,
        )}
      </fieldset>
      <button type="button" class="btn main" data-action="start" @click=${() => void this.start()}>${say("map.study.start")}</button>`;
  }

  private progress(): TemplateResult {
    const { say } = this.words;
    const done = this.shots.length;
    const said = say("map.study.progress", { done, total: 12 });
    return html`<progress max="12" .value=${done} aria-label=${said}></progress>
      <p role="status">${said}</p>
      <button type="button" class="btn" data-action="stop" @click=${() => this.stopMaking()}>${say("map.study.stop")}</button>`;
  }
}

function figure(shot: Shot, n: number): TemplateResult {
  return html`<figure data-n=${n}>
    <figcaption><b>${shot.caption}</b><br />${shot.text}</figcaption>
  </figure>`;
}

customElements.define("tw-sun-study", SunStudy);

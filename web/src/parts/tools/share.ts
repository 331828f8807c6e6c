/** Share the screen: a link, a picture, paper, or a frame on another website. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons";
import type { MapTool, ToolContext } from "../map-tools";
import { toolHead } from "./tool-head";

const FRAME = { width: 800, height: 600 };

/** What became of the last thing that was asked, in a sentence. */
let outcome = "";

export const shareTool: MapTool = {
  id: "share",
  icon: "share",
  label: "map.share",
  place: "menu",
  pressed: ({ openTool }) => openTool === "share",
  press: (context) => {
    outcome = "";
    context.open(context.openTool === "share" ? null : "share");
  },
  box: shareBox,
};

function shareBox(context: ToolContext): TemplateResult {
  const { say } = context.words;
  return html`${toolHead(context, say("map.share"))}
    <div class="field">
      <label for="share-link">${say("share.link")}</label>
      <input id="share-link" type="text" readonly .value=${location.href} @focus=${selectAll} />
    </div>
    <div class="row actions">
      <button type="button" class="btn" data-action="copy-link" @click=${() => void copyLink(context)}>
        ${icon("share")}${say("share.copy")}
      </button>
    </div>
    <h3>${say("share.picture.title")}</h3>
    <p class="hint">${say("share.picture.text")}</p>
    <div class="row actions">
      <button type="button" class="btn" data-action="picture" @click=${() => void keepSheet(context, "file")}>
        ${icon("picture")}${say("share.picture")}
      </button>
      <button type="button" class="btn" data-action="print" @click=${() => void keepSheet(context, "paper")}>
        ${icon("print")}${say("share.print")}
      </button>
    </div>
    ${frame(context)}
    <p class="outcome" role="status">${outcome}</p>`;
}

/** The code for another website, with who may use it. */
function frame(context: ToolContext): TemplateResult {
  const { say } = context.words;
  const origins = context.twin.embedOrigins ?? [];
  const query = location.search;
  const address = `${location.origin}${context.below("/inbedden")}${query}`;
  const title = say("map.title", { place: context.words.text(context.twin.title) });
  const code = `<iframe src="${escaped(address)}" title="${escaped(title)}" width="${FRAME.width}" height="${FRAME.height}" loading="lazy"></iframe>`;
  return html`<details class="more">
    <summary>${say("share.frame.title")}</summary>
    <p class="hint">
      ${origins.length === 0 ? say("share.frame.nobody") : say("share.frame.who", { sites: origins.map(host).join(", ") })}
    </p>
    ${
      origins.length === 0
        ? nothing
        : html`<div class="field">
            <label for="share-frame">${say("share.frame.code")}</label>
            <textarea id="share-frame" rows="4" readonly .value=${code} @focus=${selectAll}></textarea>
          </div>
          <div class="row actions"><button type="button" class="btn" data-action="copy-frame"
            @click=${() => void copy(context, code)}>${say("share.frame.copy")}</button></div>`
    }
  </details>`;
}

function host(origin: string): string {
  return origin.replace(/^https?:\/\//, "");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function selectAll(event: FocusEvent): void {
  (event.target as HTMLInputElement | HTMLTextAreaElement).select();
}

function told(context: ToolContext, text: string): void {
  outcome = text;
  context.redraw();
}

/** The phone's own sheet where there is one, else the clipboard. */
async function copyLink(context: ToolContext): Promise<void> {
  if (context.phone && navigator.share !== undefined) {
    // Closing the sheet without sharing is a choice, not a fault.
    await navigator.share({ url: location.href }).catch(() => undefined);
    return;
  }
  await copy(context, location.href);
}

async function copy(context: ToolContext, text: string): Promise<void> {
  const { say } = context.words;
  try {
    await navigator.clipboard.writeText(text);
    told(context, say("share.copied"));
  } catch {
    // Refused by the visitor or the browser: the text is there to be selected.
    told(context, say("share.copy-by-hand"));
  }
}

async function keepSheet(context: ToolContext, to: "file" | "paper"): Promise<void> {
  const { say, text } = context.words;
  told(context, say("share.busy"));
  try {
    const sheet = await makeSheet(context);
    if (sheet === null) told(context, say("share.no-map"));
    else if (to === "paper") {
      await (await import("../../print/keep")).printSheet(
        sheet,
        say("map.title", { place: text(context.twin.title) }),
      );
      told(context, "");
    } else {
      await (await import("../../print/keep")).download(sheet, `${context.twin.id}.png`);
      told(context, say("share.saved", { name: `${context.twin.id}.png` }));
    }
  } catch (error) {
    console.warn("the picture failed", error);
    told(context, say("share.failed"));
  }
}

async function makeSheet(context: ToolContext): Promise<HTMLCanvasElement | null> {
  const picture = await context.picture();
  if (picture === null) return null;
  const [{ drawSheet }, { sheetFacts }] = await Promise.all([
    import("../../print/map-sheet"),
    import("../../print/sheet-facts"),
  ]);
  return drawSheet(picture, sheetFacts(context, new Date()));
}

/** Ctrl+P prints the map with its legend too. */
export function printMap(context: ToolContext): void {
  void keepSheet(context, "paper");
}

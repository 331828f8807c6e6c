/** Starts the screen on the server's page. When anything is missing the page stays as the server made it. */

import "./styles/app.css";
import { Client } from "./api/client";
import type { Language } from "./api/shapes";
import { TweestadApp } from "./parts/app";
import { enhanceHeader } from "./parts/header";
import { LiveKeeper } from "./parts/live-keeper";
import { Counts } from "./state/counts";
import { Legends } from "./state/legends";
import { OwnFiles } from "./state/own-files";
import { browserAddressBar, ScreenStore } from "./state/screen-store";
import { loadWords, type Words } from "./words/words";

async function start(main: HTMLElement): Promise<void> {
  const language: Language = main.dataset.language === "en" ? "en" : "nl";
  const client = new Client(language, main.dataset.root ?? "");
  const words = await loadWords(language);
  try {
    const [twin, layers, scene] = await Promise.all([client.twin(), client.layers(), client.scene()]);
    const app = new TweestadApp();
    const legends = new Legends(layers, (layer, column) => client.column(layer, column));
    const store = new ScreenStore(browserAddressBar());
    const counts = new Counts((layer, where) => client.count(layer, where));
    const own = new OwnFiles();
    const live = new LiveKeeper(client, words, store);
    app.parts = { words, client, twin, layers, scene, legends, counts, store, own, live };
    main.replaceChildren(app);
    const origins = main.dataset.embed;
    if (origins !== undefined) {
      const { converse } = await import("./embed/messages");
      converse(store, twin.id, origins.split(" ").filter(Boolean));
    }
    enhanceHeader(words.say, {
      suggestOn: (input) => app.searchFor(input),
      openTable: () => app.toggleTable(),
    });
  } catch (error) {
    console.error(error);
    sayFailed(main, words);
  }
}

function sayFailed(main: HTMLElement, words: Words): void {
  const box = document.createElement("section");
  box.className = "state state-failed";
  box.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.textContent = words.say("map.failed.title");
  const text = document.createElement("p");
  text.textContent = words.say("map.no-map.text");
  box.append(title, text);
  main.prepend(box);
}

const main = document.querySelector<HTMLElement>("#app");
if (main !== null) void start(main);

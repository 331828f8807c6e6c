/** Starts the screen on the server's page. When anything is missing the page stays as the server made it. */

import "./styles/app.css";
import { Client } from "./api/client";
import type { Language } from "./api/shapes";
import { TweestadApp } from "./parts/app";
import { browserAddressBar, ScreenStore } from "./state/screen-store";
import { loadWords, type Words } from "./words/words";

async function start(main: HTMLElement): Promise<void> {
  const language: Language = main.dataset.language === "en" ? "en" : "nl";
  const client = new Client(language);
  const words = await loadWords(language);
  try {
    const [twin, layers, scene] = await Promise.all([client.twin(), client.layers(), client.scene()]);
    const app = new TweestadApp();
    app.parts = { words, client, twin, layers, scene, store: new ScreenStore(browserAddressBar()) };
    main.replaceChildren(app);
    enhanceHeader(app, words);
  } catch (error) {
    sayFailed(main, words);
    throw error;
  }
}

/** The header is the server's; the search gets suggestions, and "Tabel" swaps the map for the table. */
function enhanceHeader(app: TweestadApp, words: Words): void {
  const head = document.querySelector<HTMLElement>(".head");
  const input = head?.querySelector<HTMLInputElement>("input[type=search]");
  if (head == null || input == null) return;
  app.searchFor(input);
  const key = document.createElement("kbd");
  key.textContent = "/";
  key.setAttribute("aria-hidden", "true");
  input.after(key);
  input.addEventListener("blur", () => head.classList.remove("searching"));
  const table = head.querySelector<HTMLAnchorElement>('a[href^="/lijst"]');
  table?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    app.openTable();
  });
  head.querySelector("nav")?.prepend(searchButton(words, head, input));
  app.languageLink();
}

/** On a phone there is no room for the field: a button brings it over the header. */
function searchButton(words: Words, head: HTMLElement, input: HTMLInputElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet search-open";
  button.setAttribute("aria-label", words.say("map.search.open"));
  const icon = head.querySelector(".search svg")?.cloneNode(true);
  if (icon !== undefined) button.append(icon);
  button.addEventListener("click", () => {
    head.classList.add("searching");
    input.focus();
  });
  return button;
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

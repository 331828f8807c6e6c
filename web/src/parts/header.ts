/** The header is the server's. The screen adds suggestions, a key, and where one is to the language link. */

import type { Say } from "../words/words";

const head = () => document.querySelector<HTMLElement>(".head");
const field = () => document.querySelector<HTMLInputElement>(".head input[type=search]");

export interface HeaderActions {
  suggestOn(input: HTMLInputElement): void;
  openTable(): void;
}

export function enhanceHeader(say: Say, actions: HeaderActions): void {
  const input = field();
  if (input === null) return;
  actions.suggestOn(input);
  const key = document.createElement("kbd");
  key.textContent = "/";
  key.setAttribute("aria-hidden", "true");
  input.after(key);
  input.addEventListener("blur", closeSearch);
  const table = head()?.querySelector<HTMLAnchorElement>("a[data-table]");
  table?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.openTable();
  });
  head()?.querySelector("nav")?.prepend(searchButton(say));
  keepLanguageLink();
  closeCitiesOutside();
}

/** The list of cities opens without a script; with one it also closes like a menu. */
function closeCitiesOutside(): void {
  const cities = head()?.querySelector<HTMLDetailsElement>(".cities");
  if (cities == null) return;
  document.addEventListener("click", (event) => {
    if (!cities.contains(event.target as Node)) cities.open = false;
  });
  cities.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !cities.open) return;
    event.stopPropagation();
    cities.open = false;
    cities.querySelector("summary")?.focus();
  });
}

/** The field of the first panel where that is on the screen, for then the header has none. */
export function focusSearch(panelField: HTMLInputElement | null): void {
  if (panelField === null) head()?.classList.add("searching");
  const input = panelField ?? field();
  input?.focus();
  input?.select();
}

/** The button to the table leads back to the map while the table is there. */
export function markTable(say: Say, open: boolean): void {
  const link = head()?.querySelector<HTMLAnchorElement>("a[data-table]");
  const label = link?.querySelector(".label");
  if (label != null) label.textContent = say(open ? "page.map" : "page.table");
}

export function closeSearch(): void {
  head()?.classList.remove("searching");
}

/** The other language shows the same screen. */
export function keepLanguageLink(): void {
  const link = head()?.querySelector<HTMLAnchorElement>("a[hreflang]");
  if (link == null) return;
  const query = new URLSearchParams(location.search);
  if (link.hreflang === "en") query.set("taal", "en");
  else query.delete("taal");
  link.href = `${location.pathname}?${query}`;
}

/** On a phone there is no room for the field: a button brings it over the header. */
function searchButton(say: Say): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet search-open";
  button.setAttribute("aria-label", say("map.search.open"));
  const icon = head()?.querySelector(".search svg")?.cloneNode(true);
  if (icon !== undefined) button.append(icon);
  button.addEventListener("click", () => focusSearch(null));
  return button;
}

/** What is open in the panels, and half typed. It lives as long as the page: a link does not need it. */

export class PanelMemory {
  /** What is typed in the field that searches the layers. */
  search = "";
  /** The opacity that a slider stands on while it is moved, in percent. */
  sliding: { readonly layer: string; readonly percent: number } | null = null;
  /** Null: as there is room. */
  legendOpen: boolean | null = null;
  private readonly themes = new Map<string, boolean>();
  /** Themes that had a layer on: they stay open when it goes off. */
  private readonly used = new Set<string>();
  /** A question has been asked: what it is not about stays closed until the visitor opens it. */
  private narrowed = false;
  private readonly adjusted = new Set<string>();
  private readonly columns = new Map<string, string>();

  constructor(private readonly changed: () => void) {}

  put(patch: Partial<Pick<PanelMemory, "search" | "sliding" | "legendOpen">>): void {
    Object.assign(this, patch);
    this.changed();
  }

  /** Whether a theme is open: as the visitor left it, else when a layer of it is or was on. */
  themeOpen(theme: string, hasLayersOn: boolean): boolean {
    if (hasLayersOn) this.used.add(theme);
    return this.themes.get(theme) ?? (this.used.has(theme) && !this.narrowed);
  }

  openTheme(theme: string, open: boolean): void {
    if (this.themes.get(theme) === open) return;
    this.themes.set(theme, open);
    this.changed();
  }

  /** After a question: its themes are open, the others closed. */
  openOnly(themes: readonly string[]): void {
    this.narrowed = true;
    this.themes.clear();
    for (const theme of themes) this.themes.set(theme, true);
  }

  adjusts(layer: string): boolean {
    return this.adjusted.has(layer);
  }

  adjust(layer: string, open: boolean): void {
    if (open) this.adjusted.add(layer);
    else this.adjusted.delete(layer);
    this.changed();
  }

  /** The column on which the visitor is making a condition; "" for none. */
  filterColumn(layer: string): string {
    return this.columns.get(layer) ?? "";
  }

  chooseFilterColumn(layer: string, column: string): void {
    this.columns.set(layer, column);
    this.changed();
  }
}

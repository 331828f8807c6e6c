/** The classes of every legend: those of the twin at once, the others from the server when they are asked for. */

import type { ColumnSummary, Layer, StyleClass } from "../api/shapes";
import type { ColourChoice } from "./screen";

export class Legends {
  private readonly summaries = new Map<string, ColumnSummary | "asked" | "failed">();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly layers: readonly Layer[],
    private readonly ask: (layer: string, column: string) => Promise<ColumnSummary>,
  ) {}

  /** The classes of a choice; null while they are on their way and when there are none. */
  classes(choice: ColourChoice): readonly StyleClass[] | null {
    const layer = this.layers.find((one) => one.id === choice.layer);
    const declared = layer?.style.classes;
    const own =
      declared !== undefined && Object.hasOwn(declared, choice.column) ? declared[choice.column] : [];
    if (own !== undefined && own.length > 0) return own;
    if (!layer?.columns.some((column) => column.name === choice.column)) return null;
    const made = this.summary(choice)?.classes ?? [];
    return made.length > 0 ? made : null;
  }

  /** What the values of a column are; null until the server has said so. */
  summary({ layer, column }: ColourChoice): ColumnSummary | null {
    // An address may name a column that is not there.
    const found = this.layers.find((one) => one.id === layer);
    if (!found?.columns.some((one) => one.name === column)) return null;
    const key = `${layer}:${column}`;
    const known = this.summaries.get(key);
    if (known === undefined) {
      this.summaries.set(key, "asked");
      this.ask(layer, column).then(
        (summary) => this.put(key, summary),
        // The next visit of the page asks again; the layer stays plain until then.
        () => this.put(key, "failed"),
      );
    }
    return typeof known === "object" ? known : null;
  }

  failed({ layer, column }: ColourChoice): boolean {
    return this.summaries.get(`${layer}:${column}`) === "failed";
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(key: string, value: ColumnSummary | "failed"): void {
    this.summaries.set(key, value);
    for (const listener of this.listeners) listener();
  }
}

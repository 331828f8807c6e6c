/** What the table asks and changes: the same screen as the map's. */

import { listPath } from "../api/client";
import { tableQuery } from "../state/address";
import { chosenInList, liveTable, MEASURED } from "../state/live";
import type { Screen } from "../state/screen";
import { keptConditions, tableConditions } from "../state/table-conditions";
import type { AppParts } from "./app-parts";
import type { TableActions } from "./table-panel";

export interface TableOwner {
  change(patch: Partial<Screen>): void;
  /** A row was chosen: its card gets the focus. */
  chose(): void;
  close(): void;
}

export function tableActions({ client, layers }: AppParts, screen: Screen, owner: TableOwner): TableActions {
  const layerOf = (id: string) => layers.find((layer) => layer.id === id);
  // A live list looks back at the same moment as the map.
  const back = (layer: string): Record<string, string> =>
    liveTable(layer) !== null && screen.moment !== null ? { moment: screen.moment } : {};
  const where = (layer: string) => tableConditions(screen, layerOf(layer));
  return {
    load: (table) => client.table(table.layer, { ...table.query, ...back(table.layer) }, where(table.layer)),
    file: (table) => {
      const query = new URLSearchParams(where(table.layer).map((one) => ["waar", one]));
      if (table.query.q) query.set("q", table.query.q);
      for (const [key, value] of Object.entries(back(table.layer))) query.set(key, value);
      const path = `${listPath(table.layer)}.csv`;
      return client.below(query.size === 0 ? path : `${path}?${query}`);
    },
    path: (layer) => client.below(listPath(layer)),
    points: client.below(`/${MEASURED}/`),
    where,
    moment: screen.moment,
    layer: (layer) => {
      // Another list is told from the same place.
      const from = screen.table?.query.vanaf;
      owner.change({ table: { layer, query: from === undefined ? {} : { vanaf: from } } });
    },
    query: (layer, query) => {
      const kept = keptConditions(screen, layerOf(layer), query.getAll("waar"));
      const live = chosenInList(screen.live, layer, query);
      owner.change({ ...kept, live, table: { layer, query: tableQuery(query) } });
    },
    chosen: screen.selection,
    choose: (key) => {
      owner.chose();
      owner.change({ selection: key });
    },
    close: () => owner.close(),
  };
}

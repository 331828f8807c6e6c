/** A table with a place in each row: longitude and latitude, RD, or well-known text. */

import Papa from "papaparse";
import { type Crs, crsNamed } from "./coordinates";
import { type PlaceColumns, placeColumns } from "./csv-columns";
import { decimal, typedCells } from "./csv-values";
import { readGeometry } from "./geometry";
import { LIMITS } from "./limits";
import { OwnError, quoted } from "./own-error";
import type { OwnLayer, OwnOptions } from "./own-layer";
import { type RawFeature, shapesLayer, total } from "./shapes-layer";
import { Taking } from "./taking";
import { parseWkt } from "./wkt";

const DELIMITERS = [";", ",", "\t"] as const;
/** Excel's own way to say it, on a line before the header. */
const SEPARATOR_LINE = /^sep=([;,\t])\r?\n/i;
/** Characters by which the mark between cells is guessed. */
const SAMPLE = 20_000;

/** Raises OwnError `csv-quote`, `csv-rows`, `csv-wide`, `csv-place`, or what `shapesLayer` raises. */
export function readCsv(bytes: Uint8Array<ArrayBuffer>, title: string, options: OwnOptions): OwnLayer {
  const taking = new Taking();
  const text = decoded(bytes, taking);
  const said = SEPARATOR_LINE.exec(text);
  const body = said === null ? text : text.slice(said[0].length);
  const table = readTable(body, said?.[1] ?? delimiterOf(body), taking);
  const columns = placeColumns(table.header, table.rows);
  if (columns === null) throw new OwnError("csv-place", { columns: quoted(table.header.join(", ")) });
  return shapesOf(table, columns, title, taking, options);
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function decoded(bytes: Uint8Array<ArrayBuffer>, taking: Taking): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    taking.note("windows-1252");
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The mark that gives columns with a place; when none does, the one that gives most columns. */
export function delimiterOf(text: string): string {
  const sample = text.slice(0, SAMPLE);
  let best: { mark: string; score: number } = { mark: ";", score: -1 };
  for (const mark of DELIMITERS) {
    const [header = [], ...rows] = Papa.parse<string[]>(sample, { delimiter: mark, preview: 20 }).data;
    const score = header.length + (placeColumns(header, rows) === null ? 0 : SAMPLE);
    if (score > best.score) best = { mark, score };
  }
  return best.mark;
}

/** Rows of as many cells as the header; a shorter row is filled up, a longer one is left out. */
function readTable(text: string, delimiter: string, taking: Taking): Table {
  let header: string[] | null = null;
  const rows: string[][] = [];
  let line = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: "greedy",
    step: ({ data, errors }, parser) => {
      line += 1;
      if (errors.some((error) => error.code === "MissingQuotes"))
        throw new OwnError("csv-quote", { row: line });
      if (header === null) header = namesOf(data);
      else if (rows.length >= LIMITS.rows) {
        taking.note("rows-cut", { limit: LIMITS.rows });
        parser.abort();
      } else if (
        data.length > header.length &&
        data.slice(header.length).some((cell) => cell.trim() !== "")
      ) {
        taking.leaveOut("bad-row");
      } else rows.push(data.slice(0, header.length));
    },
  });
  if (header === null || rows.length === 0) {
    throw total(taking) > 0 ? new OwnError("nothing", { count: total(taking) }) : new OwnError("csv-rows");
  }
  return { header, rows };
}

/** Every column has a name of its own. */
function namesOf(cells: readonly string[]): string[] {
  if (cells.length > LIMITS.cells) throw new OwnError("csv-wide", { limit: LIMITS.cells });
  const used = new Set<string>();
  return cells.map((cell, index) => {
    const wanted = cell.trim() || `kolom ${index + 1}`;
    const name = used.has(wanted) ? `${wanted} (${index + 1})` : wanted;
    used.add(name);
    return name;
  });
}

function shapesOf(
  table: Table,
  columns: PlaceColumns,
  title: string,
  taking: Taking,
  options: OwnOptions,
): OwnLayer {
  const others = table.header
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => !columns.hides(index));
  const typed = others.map(({ index }) => typedCells(table.rows.map((row) => row[index] ?? "")));
  const raws: RawFeature[] = [];
  let declared: Crs | null = columns.by === "rd" ? "rd" : null;
  for (const [number, row] of table.rows.entries()) {
    const place = columns.by === "wkt" ? shapeIn(row[columns.shape] ?? "") : pointIn(row, columns);
    if (typeof place === "string") {
      taking.leaveOut(place);
      continue;
    }
    if (place.crs !== null && raws.length > 0 && declared !== place.crs) {
      taking.leaveOut("other-crs");
      continue;
    }
    declared = place.crs ?? declared;
    const read = readGeometry(place.geometry, taking);
    if (typeof read === "string") taking.leaveOut(read);
    else {
      const properties = Object.fromEntries(
        others.map(({ name }, at) => [name, typed[at]?.[number] ?? null]),
      );
      for (const { geometry, vertices } of read) {
        if (taking.fits(vertices)) raws.push({ id: null, geometry, properties });
      }
    }
  }
  return shapesLayer(title, raws, declared, taking, options);
}

interface Place {
  readonly geometry: unknown;
  readonly crs: Crs | null;
}

function pointIn(
  row: readonly string[],
  columns: PlaceColumns & { readonly by: "rd" | "point" },
): Place | "no-coordinates" {
  const x = decimal(row[columns.x] ?? "");
  const y = decimal(row[columns.y] ?? "");
  if (x === null || y === null) return "no-coordinates";
  return { geometry: { type: "Point", coordinates: [x, y] }, crs: null };
}

function shapeIn(text: string): Place | "no-coordinates" | "bad-geometry" | "other-crs" {
  if (text.trim() === "") return "no-coordinates";
  const shape = parseWkt(text);
  if (shape === null) return "bad-geometry";
  const crs = shape.srid === null ? null : crsNamed(`EPSG:${shape.srid}`);
  return shape.srid !== null && crs === null ? "other-crs" : { geometry: shape, crs };
}

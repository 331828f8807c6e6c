/** Well-known text of flat shapes (OGC 06-103r4), with or without an SRID in front, as PostGIS writes it. */

const HEAD = /^\s*(?:SRID=(\d{1,6});)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:ZM?|M)?\s*(?=[(E])/i;
const NUMBER = /\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
const MARK = /\s*([(),])/y;
const NAMES = { POINT: "Point", LINESTRING: "LineString", POLYGON: "Polygon" } as const;
/** How many lists lie around a position. */
const DEPTHS = { POINT: 0, LINESTRING: 1, POLYGON: 2 } as const;

/** In the shape of GeoJSON, of which nothing has been checked but the brackets. */
export interface WktShape {
  readonly type: string;
  readonly coordinates: unknown;
  readonly srid: number | null;
}

/** Whether a text begins as a shape: enough to know what a column is for. */
export function beginsAsWkt(text: string): boolean {
  return HEAD.test(text);
}

/** Null for what is no well-known text. Coordinates of an empty shape are an empty list. */
export function parseWkt(text: string): WktShape | null {
  const head = HEAD.exec(text);
  if (head === null) return null;
  const kind = (head[3] ?? "").toUpperCase() as keyof typeof NAMES;
  const many = head[2] !== undefined;
  const type = many ? `Multi${NAMES[kind]}` : NAMES[kind];
  const srid = head[1] === undefined ? null : Number(head[1]);
  const rest = text.slice(head[0].length).trim();
  if (/^EMPTY$/i.test(rest)) return { type, coordinates: [], srid };
  const reader = new WktReader(rest);
  const coordinates = reader.shape(kind, many);
  return coordinates === null || !reader.atEnd ? null : { type, coordinates, srid };
}

class WktReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  shape(kind: keyof typeof DEPTHS, many: boolean): unknown {
    if (kind === "POINT") return many ? this.list(() => this.point()) : this.point();
    return this.lists(DEPTHS[kind] + (many ? 1 : 0));
  }

  private lists(depth: number): unknown[] | null {
    return this.list(() => (depth === 1 ? this.position() : this.lists(depth - 1)));
  }

  private list(item: () => unknown): unknown[] | null {
    if (this.mark() !== "(") return null;
    const items: unknown[] = [];
    for (;;) {
      const next = item();
      if (next === null) return null;
      items.push(next);
      const mark = this.mark();
      if (mark === ")") return items;
      if (mark !== ",") return null;
    }
  }

  /** In brackets, or within a MULTIPOINT without them. */
  private point(): number[] | null {
    const before = this.at;
    if (this.mark() !== "(") {
      this.at = before;
      return this.position();
    }
    const position = this.position();
    return this.mark() === ")" ? position : null;
  }

  private position(): number[] | null {
    const numbers: number[] = [];
    for (let next = this.match(NUMBER); next !== null; next = this.match(NUMBER)) {
      numbers.push(Number(next));
      if (numbers.length > 4) return null;
    }
    return numbers.length >= 2 ? numbers : null;
  }

  private mark(): string | null {
    return this.match(MARK);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[1] ?? null;
  }
}

/** Reads pieces of a file by HTTP range requests, as few as will do. */

import type { RangeResponse, Source } from "pmtiles";

/** So much between two pieces costs less than a request of its own. */
const JOINED_OVER_BYTES = 32_768;

interface Piece {
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

interface Asked extends Piece {
  readonly give: (data: ArrayBuffer) => void;
  readonly fail: (error: unknown) => void;
}

export class RangeSource implements Source {
  private waiting: Asked[] = [];

  constructor(private readonly url: string) {}

  getKey(): string {
    return this.url;
  }

  /** Pieces that are asked for in one turn, such as the tiles of one picture, come together. */
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    const data = await new Promise<ArrayBuffer>((give, fail) => {
      if (this.waiting.push({ start: offset, end: offset + length, give, fail }) === 1) {
        setTimeout(() => this.send());
      }
    });
    return { data };
  }

  private send(): void {
    const asked = this.waiting;
    this.waiting = [];
    for (const run of runsOf(asked)) void this.answer(run);
  }

  private async answer(pieces: readonly Asked[]): Promise<void> {
    const start = Math.min(...pieces.map((piece) => piece.start));
    const end = Math.max(...pieces.map((piece) => piece.end));
    try {
      const data = await this.read({ start, end });
      for (const piece of pieces) piece.give(data.slice(piece.start - start, piece.end - start));
    } catch (error) {
      for (const piece of pieces) piece.fail(error);
    }
  }

  /**
   * Chromium's cache can cut an answer short when pieces of the same file are read at once: status 206, the
   * right Content-Range, and too few bytes (seen in version 156 at multiples of 4096). Such a piece, and one
   * that fails, is asked for once more past the cache.
   */
  private async read(piece: Piece): Promise<ArrayBuffer> {
    const how: RequestInit = { headers: { range: `bytes=${piece.start}-${piece.end - 1}` } };
    try {
      return await this.ask(how, piece);
    } catch {
      return await this.ask({ ...how, cache: "no-store" }, piece);
    }
  }

  private async ask(how: RequestInit, { start, end }: Piece): Promise<ArrayBuffer> {
    const answer = await fetch(this.url, how);
    if (!answer.ok) throw new Error(`${answer.status} for ${this.url}`);
    const data = await answer.arrayBuffer();
    // A server that knows no ranges sends the whole file.
    if (answer.status !== 206) return data.slice(start, end);
    const promised = promisedBytes(answer.headers.get("content-range"));
    if (promised !== null && promised !== data.byteLength) {
      throw new Error(`${data.byteLength} of ${promised} bytes of ${this.url}`);
    }
    return data;
  }
}

/** Pieces in order of place, those that lie near one another in one run. */
export function runsOf<P extends Piece>(pieces: readonly P[]): P[][] {
  const runs: P[][] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    if (piece.start - reached > JOINED_OVER_BYTES) runs.push([]);
    runs.at(-1)?.push(piece);
    reached = Math.max(reached, piece.end);
  }
  return runs;
}

/** How many bytes `bytes 0-99/1234` promises, or null when the header says nothing. */
export function promisedBytes(contentRange: string | null): number | null {
  const match = /^bytes (\d+)-(\d+)\//.exec(contentRange ?? "");
  return match === null ? null : Number(match[2]) - Number(match[1]) + 1;
}

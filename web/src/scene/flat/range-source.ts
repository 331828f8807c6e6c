/** Reads pieces of a file by HTTP range requests. */

import type { RangeResponse, Source } from "pmtiles";

export class RangeSource implements Source {
  constructor(private readonly url: string) {}

  getKey(): string {
    return this.url;
  }

  /**
   * Chromium's cache can cut an answer short when pieces of the same file are read at once: status 206, the
   * right Content-Range, and too few bytes (seen in version 156 at multiples of 4096). Such a piece, and one
   * that fails, is asked for once more past the cache.
   */
  async getBytes(offset: number, length: number, signal?: AbortSignal): Promise<RangeResponse> {
    const how: RequestInit = { headers: { range: `bytes=${offset}-${offset + length - 1}` } };
    if (signal !== undefined) how.signal = signal;
    try {
      return { data: await this.ask(how, offset, length) };
    } catch (error) {
      if (signal?.aborted) throw error;
      return { data: await this.ask({ ...how, cache: "no-store" }, offset, length) };
    }
  }

  private async ask(how: RequestInit, offset: number, length: number): Promise<ArrayBuffer> {
    const answer = await fetch(this.url, how);
    if (!answer.ok) throw new Error(`${answer.status} for ${this.url}`);
    const data = await answer.arrayBuffer();
    // A server that knows no ranges sends the whole file.
    if (answer.status !== 206) return data.slice(offset, offset + length);
    const promised = promisedBytes(answer.headers.get("content-range"));
    if (promised !== null && promised !== data.byteLength) {
      throw new Error(`${data.byteLength} of ${promised} bytes of ${this.url}`);
    }
    return data;
  }
}

/** How many bytes `bytes 0-99/1234` promises, or null when the header says nothing. */
export function promisedBytes(contentRange: string | null): number | null {
  const match = /^bytes (\d+)-(\d+)\//.exec(contentRange ?? "");
  return match === null ? null : Number(match[2]) - Number(match[1]) + 1;
}

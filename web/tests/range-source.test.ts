import { afterEach, expect, test, vi } from "vitest";
import { promisedBytes, RangeSource, runsOf } from "../src/scene/flat/range-source";

const FILE = Uint8Array.from({ length: 100 }, (_, n) => n);

/** Answers that a server or a browser's cache gives, one after the other. */
function answers(...given: readonly (() => Response)[]) {
  const asked: RequestInit[] = [];
  const queue = [...given];
  vi.stubGlobal("fetch", async (_: string, how: RequestInit) => {
    asked.push(how);
    const next = queue.shift();
    if (next === undefined) throw new TypeError("Failed to fetch");
    return next();
  });
  return asked;
}

function piece(from: number, to: number, cut = 0): () => Response {
  const headers = { "content-range": `bytes ${from}-${to}/100` };
  return () => new Response(FILE.slice(from, to + 1 - cut), { status: 206, headers });
}

afterEach(() => vi.unstubAllGlobals());

test("a piece is asked for by its range", async () => {
  const asked = answers(piece(10, 19));
  const { data } = await new RangeSource("/a.pmtiles").getBytes(10, 10);
  expect([...new Uint8Array(data)]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect(asked).toEqual([{ headers: { range: "bytes=10-19" } }]);
});

test("a piece that the cache cut short is asked for again past the cache", async () => {
  const asked = answers(piece(10, 19, 4), piece(10, 19));
  const { data } = await new RangeSource("/a.pmtiles").getBytes(10, 10);
  expect(data.byteLength).toBe(10);
  expect(asked[1]?.cache).toBe("no-store");
});

test("a piece beyond the end is as long as the server says", async () => {
  answers(piece(90, 99));
  expect((await new RangeSource("/a.pmtiles").getBytes(90, 50)).data.byteLength).toBe(10);
});

test("pieces asked for in one turn that lie near one another are one request", async () => {
  const asked = answers(piece(10, 39));
  const source = new RangeSource("/a.pmtiles");
  const read = [source.getBytes(30, 10), source.getBytes(10, 5), source.getBytes(12, 2)];
  const data = await Promise.all(read.map(async (one) => [...new Uint8Array((await one).data)]));
  expect(data).toEqual([
    [30, 31, 32, 33, 34, 35, 36, 37, 38, 39],
    [10, 11, 12, 13, 14],
    [12, 13],
  ]);
  expect(asked).toEqual([{ headers: { range: "bytes=10-39" } }]);
});

test("what lies far from the rest is asked for by itself", () => {
  const at = (start: number, end: number) => ({ start, end });
  const far = at(900_000, 900_100);
  expect(runsOf([far, at(20_000, 20_010), at(0, 50_000), at(60_000, 60_001)])).toEqual([
    [at(0, 50_000), at(20_000, 20_010), at(60_000, 60_001)],
    [far],
  ]);
});

test("when a run fails, each of its pieces does", async () => {
  answers();
  const source = new RangeSource("/a.pmtiles");
  const both = await Promise.allSettled([source.getBytes(0, 10), source.getBytes(20, 10)]);
  expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"]);
});

test("a whole file is cut to the piece", async () => {
  answers(() => new Response(FILE));
  const { data } = await new RangeSource("/a.pmtiles").getBytes(5, 2);
  expect([...new Uint8Array(data)]).toEqual([5, 6]);
});

test("a file that stays away fails", async () => {
  answers(() => new Response("", { status: 503 }));
  await expect(new RangeSource("/a.pmtiles").getBytes(0, 10)).rejects.toThrow("Failed to fetch");
});

test("a header that promises nothing is not held against the answer", () => {
  expect([promisedBytes(null), promisedBytes("bytes */100"), promisedBytes("bytes 0-0/1")]).toEqual([
    null,
    null,
    1,
  ]);
});

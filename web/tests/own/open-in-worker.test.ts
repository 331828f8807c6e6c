import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Answer, answersTo, type Question } from "../../src/own/answers";
import { openOwnFile, type WorkerLike } from "../../src/own/open-in-worker";
import { bytesOf } from "./opening";

const FILE = new File(['{"type":"Point","coordinates":[4.9,52.37]}'], "plek.geojson");

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  ended = 0;
  asked: Question[] = [];

  postMessage(question: Question): void {
    this.asked.push(question);
  }

  terminate(): void {
    this.ended += 1;
  }

  answer(data: Answer): void {
    this.onmessage?.({ data });
  }
}

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker();
});
afterEach(() => vi.useRealTimers());

const open = (signal?: AbortSignal) => openOwnFile(FILE, { layer: "own-1" }, signal, () => worker);

/** The real answers, as they would come out of a worker. */
async function answers(file: File): Promise<Answer[]> {
  const all: Answer[] = [];
  for await (const [answer, moved] of answersTo({ file, options: { layer: "own-1" } })) {
    all.push(structuredClone(answer, { transfer: moved }));
  }
  return all;
}

test("the file goes to the worker, and the worker ends with its answer", async () => {
  const opening = open();
  expect(worker.asked).toEqual([{ file: FILE, options: { layer: "own-1" } }]);
  for (const answer of await answers(FILE)) worker.answer(answer);
  const layer = await opening;
  expect(layer).toMatchObject({ title: "plek", kind: "shapes", bbox: [4.9, 52.37, 4.9, 52.37] });
  expect(layer.features.map(({ id, layer }) => [id, layer])).toEqual([["own-1", "own-1"]]);
  expect(worker.ended).toBe(1);
});

test("a large layer comes in pieces, so that the page can do something else between them", async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `52.1,4.9,${i}`);
  const all = await answers(new File([`lat,lon,nummer\n${rows.join("\n")}`], "x.csv"));
  expect(all.map((answer) => ("features" in answer ? answer.features.length : "layer"))).toEqual([
    2_000,
    2_000,
    1_000,
    "layer",
  ]);
  const opening = open();
  for (const answer of all) worker.answer(answer);
  expect((await opening).features.map(({ properties }) => properties.nummer)).toEqual([...rows.keys()]);
});

test("a refusal of a file comes as an answer", async () => {
  const all = await answers(new File([bytesOf({ type: "Topology" })], "x.json"));
  expect(all).toEqual([{ refused: { reason: "kind-unknown", facts: { name: "x.json" } } }]);
});

test("a refusal arrives with its facts", async () => {
  const opening = open();
  worker.answer({ refused: { reason: "crs", facts: { crs: "EPSG:3857" } } });
  await expect(opening).rejects.toMatchObject({ reason: "crs", facts: { crs: "EPSG:3857" } });
  expect(worker.ended).toBe(1);
});

test("cancelling ends the worker at once", async () => {
  const stop = new AbortController();
  const opening = open(stop.signal);
  stop.abort();
  await expect(opening).rejects.toMatchObject({ reason: "cancelled" });
  expect(worker.ended).toBe(1);
});

test("what was cancelled before is not begun", async () => {
  await expect(open(AbortSignal.abort())).rejects.toMatchObject({ reason: "cancelled" });
  expect(worker.asked).toEqual([]);
});

test.each([
  "onerror",
  "onmessageerror",
] as const)("a worker that breaks off (%s) gives a reason", async (event) => {
  const opening = open();
  worker[event]?.(new Event("error"));
  await expect(opening).rejects.toMatchObject({ reason: "stopped" });
  expect(worker.ended).toBe(1);
});

test("a file that takes too long is given up", async () => {
  vi.useFakeTimers();
  const opening = open();
  const refused = expect(opening).rejects.toMatchObject({ reason: "too-slow" });
  vi.advanceTimersByTime(60_000);
  await refused;
  expect(worker.ended).toBe(1);
});

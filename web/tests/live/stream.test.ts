import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveStream, type Source } from "../../src/live/stream";

class FakeSource implements Source {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private listener: ((event: { data: string }) => void) | null = null;

  constructor(readonly address: string) {}

  addEventListener(_: "changed", listener: (event: { data: string }) => void): void {
    this.listener = listener;
  }

  say(data: string): void {
    this.listener?.({ data });
  }

  close(): void {
    this.closed = true;
  }
}

function listening() {
  const opened: FakeSource[] = [];
  const told: string[] = [];
  const stream = new LiveStream(
    (address) => {
      const source = new FakeSource(address);
      opened.push(source);
      return source;
    },
    {
      changed: (layers) => told.push(`changed ${layers.join(",")}`),
      opened: (again) => told.push(again ? "opened again" : "opened"),
      lost: (since) => told.push(`lost ${since}`),
    },
    () => Date.now(),
    () => 1,
  );
  return { stream, opened, told };
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test("it says which layers have changed, and nothing of what it cannot read", () => {
  const { stream, opened, told } = listening();
  stream.follow("/stream?layers=verkeer");
  opened[0]?.onopen?.();
  opened[0]?.say('{"version": 8, "layers": ["verkeer"]}');
  opened[0]?.say("geen json");
  opened[0]?.say('{"version": 9}');
  expect(told).toEqual(["opened", "changed verkeer"]);
});

test("there is one connection, and none when nothing is wanted", () => {
  const { stream, opened } = listening();
  stream.follow("/stream?layers=verkeer");
  stream.follow("/stream?layers=verkeer");
  expect(opened).toHaveLength(1);
  stream.follow("/stream?layers=lucht");
  expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  stream.follow(null);
  expect(opened.every(({ closed }) => closed)).toBe(true);
  vi.advanceTimersByTime(600_000);
  expect(opened).toHaveLength(2);
});

test("a lost connection is tried again, each time later, up to a minute", () => {
  const { stream, opened, told } = listening();
  stream.follow("/stream");
  const waits: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    opened.at(-1)?.onerror?.();
    const before = opened.length;
    let waited = 0;
    while (opened.length === before) {
      vi.advanceTimersByTime(500);
      waited += 500;
    }
    waits.push(waited);
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(stream.lostSince).toBe(1_000_000);
  opened.at(-1)?.onopen?.();
  expect(stream.lostSince).toBeNull();
  expect(told.at(-1)).toBe("opened again");
  // From the start again.
  opened.at(-1)?.onerror?.();
  vi.advanceTimersByTime(1000);
  expect(opened).toHaveLength(11);
});

test("when the network is back it does not wait, and when it goes it does not believe the silence", () => {
  const { stream, opened, told } = listening();
  stream.follow("/stream");
  opened[0]?.onopen?.();
  stream.cut();
  expect(opened[0]?.closed).toBe(true);
  expect(told.at(-1)).toBe("lost 1000000");
  stream.hurry();
  expect(opened).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(2);
});

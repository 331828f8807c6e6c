import { expect, test } from "vitest";
import { RequestFailed } from "../../src/api/client";
import { type Asked, LiveFeed, type Wanted } from "../../src/live/feed";
import type { Box, LiveAnswer } from "../../src/live/shapes";
import { answer, feature } from "./samples";

const HERE: Box = [4.8, 52.3, 5, 52.4];
const settled = () => new Promise((done) => setTimeout(done));

function wanted(more: Partial<Wanted> = {}): Wanted {
  return { layers: [{ layer: "lucht", observed: "" }], box: HERE, at: () => null, ...more };
}

/** A server whose answers are given one by one. */
function server() {
  const asked: Asked[] = [];
  const open: { answer(one: LiveAnswer): void; fail(error: unknown): void; signal: AbortSignal }[] = [];
  let changes = 0;
  const feed = new LiveFeed(
    (one, signal) => {
      asked.push(one);
      return new Promise((answer, fail) => open.push({ answer, fail, signal }));
    },
    () => {
      changes += 1;
    },
  );
  return { feed, asked, open, changes: () => changes };
}

const ids = (feed: LiveFeed) => [...(feed.of("lucht")?.values.keys() ?? [])];

test("a layer that is switched on is asked for once, for what is in view", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted());
  feed.follow(wanted());
  expect(asked).toEqual([{ layer: "lucht", box: HERE, at: null, after: null, observed: "" }]);
  open[0]?.answer(answer(7, [feature("a"), feature("b")]));
  await settled();
  expect(ids(feed)).toEqual(["a", "b"]);
  feed.follow(wanted());
  expect(asked).toHaveLength(1);
});

test("after a change only what changed is asked for, and put beside what was there", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted());
  open[0]?.answer(answer(7, [feature("a"), feature("b"), feature("c")]));
  await settled();
  feed.refresh(["lucht", "verkeer"]);
  expect(asked[1]?.after).toBe(7);
  expect(asked).toHaveLength(2);
  open[1]?.answer(answer(9, [feature("b", { value: 30 })], { complete: false, removed: ["a"] }));
  await settled();
  expect(ids(feed)).toEqual(["b", "c"]);
  expect(feed.of("lucht")?.values.get("b")?.feature.properties.value).toBe(30);
  feed.refresh(["lucht"]);
  expect(asked[2]?.after).toBe(9);
});

test("a whole answer to a question about changes takes the place of all that was there", async () => {
  const { feed, open } = server();
  feed.follow(wanted());
  open[0]?.answer(answer(7, [feature("a")]));
  await settled();
  feed.refresh(["lucht"]);
  open[1]?.answer(answer(9, [feature("b")], { complete: true }));
  await settled();
  expect(ids(feed)).toEqual(["b"]);
});

test("a change while an answer is on its way is asked for when that is there", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted());
  feed.refresh(["lucht"]);
  feed.refresh(["lucht"]);
  expect(asked).toHaveLength(1);
  open[0]?.answer(answer(7, [feature("a")]));
  await settled();
  expect(asked.map(({ after }) => after)).toEqual([null, 7]);
});

test("an answer for another view or moment than is wanted by now is not shown", async () => {
  const { feed, open } = server();
  feed.follow(wanted());
  feed.follow(wanted({ at: () => "2026-11-23T14:00Z" }));
  expect(open[0]?.signal.aborted).toBe(true);
  open[1]?.answer(answer(7, [feature("gisteren")]));
  await settled();
  open[0]?.answer(answer(8, [feature("nu")]));
  await settled();
  expect(ids(feed)).toEqual(["gisteren"]);
});

test("what was there at a moment says so until the values of now have come", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted({ at: () => "2026-11-23T14:00Z" }));
  open[0]?.answer(answer(7, [feature("a")]));
  await settled();
  expect(feed.of("lucht")?.at).toBe("2026-11-23T14:00Z");
  // Of the past nothing changes.
  feed.refresh(["lucht"]);
  expect(asked).toHaveLength(1);
  feed.follow(wanted());
  expect(feed.of("lucht")?.at).toBe("2026-11-23T14:00Z");
  open[1]?.answer(answer(8, [feature("a")]));
  await settled();
  expect(feed.of("lucht")?.at).toBeNull();
});

test("when the server does not answer, what was there stays and the layer says so", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted());
  open[0]?.answer(answer(7, [feature("a")]));
  await settled();
  feed.refresh(["lucht"]);
  open[1]?.fail(new RequestFailed("failed", 503, ""));
  await settled();
  expect(ids(feed)).toEqual(["a"]);
  expect(feed.of("lucht")?.state).toBe("failed");
  // Nobody knows what has changed meanwhile: the whole of it is asked for.
  feed.refresh(["lucht"]);
  expect(asked[2]?.after).toBeNull();
});

test("too many points to show are none, and a reason", async () => {
  const { feed, open } = server();
  feed.follow(wanted());
  open[0]?.fail(new RequestFailed("refused", 400, ""));
  await settled();
  expect(feed.of("lucht")).toMatchObject({ state: "many" });
  expect(ids(feed)).toEqual([]);
});

test("a layer that is switched off is forgotten, and another property is asked for anew", async () => {
  const { feed, asked, open } = server();
  feed.follow(wanted());
  open[0]?.answer(answer(7, [feature("a")]));
  await settled();
  feed.follow(wanted({ layers: [{ layer: "lucht", observed: "no2" }] }));
  expect(asked[1]).toMatchObject({ observed: "no2", after: null });
  feed.follow(null);
  expect(feed.of("lucht")).toBeNull();
});

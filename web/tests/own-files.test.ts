import { expect, test, vi } from "vitest";
import type { OwnLayer } from "../src/own/own-layer";
import { OwnFiles } from "../src/state/own-files";

test("a file that the map cannot draw is said to be so once, however often the map tries", () => {
  const own = new OwnFiles();
  for (const id of ["a", "b"]) own.add(id, { title: id } as OwnLayer, null);
  const heard = vi.fn();
  own.subscribe(heard);
  own.cannotDraw("b");
  own.cannotDraw("b");
  own.cannotDraw("c");
  expect(heard).toHaveBeenCalledTimes(1);
  expect(own.list.map(({ undrawn }) => undrawn)).toEqual([false, true]);
});

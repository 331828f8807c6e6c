import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Passing } from "../src/state/passing";
import { FIRST_SCREEN, type Screen } from "../src/state/screen";

let screen: Screen;
let heard: string[];
let passing: Passing;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  screen = FIRST_SCREEN;
  heard = [];
  passing = new Passing(
    (patch, step) => {
      screen = { ...screen, ...patch };
      heard.push(`${step} ${patch.year}`);
    },
    () => screen,
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what goes on is one step once it rests", () => {
  for (const year of [1900, 1910, 1920]) passing.put({ year });
  expect(heard).toEqual(["passing 1900", "passing 1910", "passing 1920"]);
  vi.runAllTimers();
  expect(heard.at(-1)).toBe("step 1920");
  vi.runAllTimers();
  expect(heard).toHaveLength(4);
});

test("what is held rests only when it is let go", () => {
  passing.hold();
  passing.put({ year: 1900 });
  vi.runAllTimers();
  expect(heard).toEqual(["passing 1900"]);
  passing.rest();
  expect(heard).toEqual(["passing 1900", "step 1900"]);
});

test("nothing comes back after something else was chosen", () => {
  passing.put({ year: 1900 });
  screen = { ...screen, year: null };
  vi.runAllTimers();
  expect(heard).toEqual(["passing 1900"]);
});

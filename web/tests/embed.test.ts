import { describe, expect, test } from "vitest";
import { changeOf } from "../src/embed/messages";
import { scaleBar } from "../src/print/scale-bar";

const ask = (message: object) => changeOf({ tweestad: 1, ...message });

describe("what a website may ask of the map in its frame", () => {
  test("an address, an object and a view become a change of the screen", () => {
    expect(ask({ type: "show", address: "https://x.test/?jaar=1900" })).toMatchObject({ year: 1900 });
    expect(ask({ type: "choose", layer: "water", id: "w/1" })).toEqual({
      selection: { layer: "water", id: "w/1" },
    });
    expect(ask({ type: "look", camera: "4.9,52.3,0,-40,800" })).toEqual({
      camera: { lon: 4.9, lat: 52.3, heading: 0, pitch: -40, distance: 800 },
    });
    expect(ask({ type: "hello" })).toBe("hello");
  });

  test.each([
    [{ type: "show" }, "address"],
    [{ type: "show", address: "?".repeat(9000) }, "address"],
    [{ type: "choose", layer: "../x", id: "1" }, "layer"],
    [{ type: "choose", layer: "water", id: "" }, "id"],
    [{ type: "choose", layer: "water", id: "x".repeat(600) }, "id"],
    [{ type: "look", camera: "4.9,52.3" }, "camera"],
    [{ type: "look", camera: "4.9,52.3,0,40,800" }, "camera"],
    [{ type: "drop-tables" }, "type"],
    [{}, "type"],
  ])("%j is refused for its %s", (message, reason) => expect(ask(message)).toEqual({ refused: reason }));

  test.each([
    null,
    undefined,
    1,
    "hello",
    [],
    { type: "hello" },
    { tweestad: 2, type: "hello" },
  ])("%j is no message for the map", (data) => expect(changeOf(data)).toBeNull());
});

test.each([
  [1, 160, "100 m"],
  [1.3, 160, "200 m"],
  [7, 160, "1 km"],
  [0.02, 160, "2 m"],
])("at %d metres for a pixel a bar of %d pixels is %s", (perPixel, most, label) => {
  const bar = scaleBar(perPixel, most);
  expect(bar.label).toBe(label);
  expect(bar.pixels).toBeLessThanOrEqual(most);
  expect(bar.pixels).toBeGreaterThan(most / 2.6);
});

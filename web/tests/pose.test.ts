import { describe, expect, test } from "vitest";
import { settle, sheetAfter } from "../src/parts/sheet";
import { drawingFor, FrameTimes, type Level, levelFor, median } from "../src/scene/cesium/levels";
import { collides, labelBox } from "../src/scene/label-boxes";
import {
  between,
  cameraOffset,
  distanceFor,
  groundUnder,
  metresPerPixel,
  moved,
  NO_INSETS,
  type Pose,
  turned,
  zoomed,
} from "../src/scene/pose";

const POSE: Pose = { lon: 4.9, lat: 52.36, heading: 28, pitch: -31, distance: 1180 };
const SIZE = { width: 1440, height: 804 };

import { FIRST_SCREEN } from "../src/state/screen";

describe("a pose and the ground", () => {
  test("the middle of the screen is what the pose looks at", () => {
    const ground = groundUnder(POSE, SIZE, NO_INSETS, 720, 402);
    expect(ground?.[0]).toBeCloseTo(0, 6);
    expect(ground?.[1]).toBeCloseTo(0, 6);
  });

  test("with panels open the target lies in the middle of what is free", () => {
    const insets = { left: 360, right: 408, top: 0, bottom: 100 };
    const ground = groundUnder(POSE, SIZE, insets, 360 + (1440 - 768) / 2, 352);
    expect(Math.hypot(...(ground ?? [9, 9]))).toBeLessThan(1e-6);
  });

  test("the camera stands above and behind the target", () => {
    const [east, north, up] = cameraOffset(POSE, SIZE, NO_INSETS);
    expect(Math.hypot(east, north, up)).toBeCloseTo(1180, 6);
    expect(up).toBeCloseTo(1180 * Math.sin((31 * Math.PI) / 180), 6);
    expect(north).toBeLessThan(0);
  });

  test("above the horizon there is no ground", () => {
    expect(groundUnder({ ...POSE, pitch: -5 }, SIZE, NO_INSETS, 720, 0)).toBeNull();
  });

  test("zooming keeps the ground under the pointer where it is", () => {
    const before = groundUnder(POSE, SIZE, NO_INSETS, 300, 600);
    const near = zoomed(POSE, 0.5, before);
    const after = groundUnder(near, SIZE, NO_INSETS, 300, 600);
    const back = moved(near, ...(after ?? [0, 0]));
    const first = moved(POSE, ...(before ?? [0, 0]));
    expect(back.lon).toBeCloseTo(first.lon, 7);
    expect(back.lat).toBeCloseTo(first.lat, 7);
  });

  test("distance and metres per pixel are each other's inverse", () => {
    expect(distanceFor(metresPerPixel(POSE, SIZE), SIZE)).toBeCloseTo(1180, 6);
  });

  test("turning goes round and tilting stops", () => {
    expect(turned(POSE, -40, 0).heading).toBeCloseTo(348);
    expect(turned(POSE, 0, 80).pitch).toBe(-10);
    expect(turned(POSE, 0, -80).pitch).toBe(-89.5);
  });

  test("a flight begins and ends where it should, and turns the short way", () => {
    const to = { ...POSE, lon: 4.92, heading: 350 };
    expect(between(POSE, to, 0)).toEqual(POSE);
    expect(between(POSE, to, 1).lon).toBeCloseTo(4.92);
    expect(between(POSE, to, 0.5).heading).toBeCloseTo(9);
  });
});

describe("levels of drawing", () => {
  test("slow frames draw less", () => {
    expect([10, 30, 150, 151].map(levelFor)).toEqual(["full", "middle", "middle", "light"]);
    expect(median([900, 10, 20])).toBe(20);
  });

  test("the light level drops lines and resolution only while the camera moves", () => {
    expect(drawingFor("light", true)).toMatchObject({ lines: false, resolution: 0.75, msaaSamples: 1 });
    expect(drawingFor("light", false)).toMatchObject({ lines: true, resolution: 1, shadows: false });
    expect(drawingFor("full", true)).toMatchObject({ lines: true, haze: true, resolution: 1 });
    expect(drawingFor("light", true).errorPixels).toBeGreaterThan(drawingFor("light", false).errorPixels);
  });

  test("shadows are for the still frame: of an asked sun on every level, else on a fast device", () => {
    expect(drawingFor("full", false).shadows).toBe(true);
    expect(drawingFor("light", false, true).shadows).toBe(true);
    expect(drawingFor("full", true, true).shadows).toBe(false);
  });

  test("the level follows the median of a moving camera, and does not flutter", () => {
    const times = new FrameTimes();
    const levelAfter = (level: Level, frameMs: number, from: number, frames: number) => {
      for (let n = 0; n < frames; n += 1) level = times.next(level, frameMs, from + n * frameMs);
      return level;
    };
    expect(levelAfter("full", 16.7, 3_000, 100)).toBe("full");
    expect(levelAfter("full", 60, 10_000, 40)).toBe("middle");
    expect(levelAfter("middle", 16.7, 13_000, 100)).toBe("middle");
    expect(levelAfter("middle", 16.7, 40_000, 100)).toBe("full");
    expect(levelAfter("full", 400, 60_000, 80)).toBe("light");
    expect(levelAfter("light", 90, 200_000, 200)).toBe("light");
  });

  test("one slow frame changes nothing", () => {
    const times = new FrameTimes();
    for (let n = 0; n < 40; n += 1)
      expect(times.next("full", n === 20 ? 900 : 17, 5_000 + n * 17)).toBe("full");
  });
});

describe("names on the map", () => {
  test("two names on one place collide and two apart do not", () => {
    const first = labelBox(100, 100, 80, 16);
    expect(collides(labelBox(150, 104, 80, 16), [first])).toBe(true);
    expect(collides(labelBox(100, 140, 80, 16), [first])).toBe(false);
  });

  test("an upright name is tall", () => {
    const box = labelBox(0, 0, 80, 16, 90);
    expect(box.bottom - box.top).toBeCloseTo(80);
  });
});

describe("the sheet", () => {
  test("settles on the nearest height, and a flick goes one further", () => {
    expect(settle(0.5, 0)).toBe("half");
    expect(settle(0.3, 0)).toBe("peek");
    expect(settle(0.3, 1)).toBe("half");
    expect(settle(0.5, -1)).toBe("peek");
    expect(settle(0.6, 1)).toBe("full");
  });

  test("opens for a card and makes room for who stands in the street", () => {
    const [first, walks] = [FIRST_SCREEN, { ...FIRST_SCREEN, walking: true }];
    const chosen = { ...walks, selection: { layer: "gebouwen", id: "1" } };
    expect(sheetAfter(walks, first)).toBe("peek");
    expect(sheetAfter(chosen, walks)).toBe("half");
    expect([sheetAfter(walks, walks), sheetAfter(first, walks), sheetAfter(chosen, chosen)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

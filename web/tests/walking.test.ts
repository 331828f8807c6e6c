import { describe, expect, test } from "vitest";
import type { MapLabel } from "../src/api/shapes";
import { depthMarks, heightOnScreen } from "../src/scene/depth-marks";
import { mapKey } from "../src/scene/keyboard";
import { groundUnder, metresTo, NO_INSETS, type Pose, pixelOf, turned } from "../src/scene/pose";
import {
  EYE_ABOVE_GROUND_M,
  groundSeen,
  isWalking,
  lifted,
  looked,
  onStreet,
  stepped,
  stoodAt,
} from "../src/scene/walking";

const POSE: Pose = { lon: 4.9, lat: 52.36, heading: 90, pitch: -31, distance: 640 };
const SIZE = { width: 1440, height: 804 };

describe("standing in the street", () => {
  const street = stoodAt(POSE);

  test("one stands where one looked, with level eyes, and comes up above it", () => {
    expect(street).toMatchObject({ lon: POSE.lon, lat: POSE.lat, heading: 90, pitch: 0 });
    expect([isWalking(street), isWalking(POSE), isWalking(lifted(street))]).toEqual([true, false, false]);
  });

  test("a step goes where one looks, and sideways to the right of it", () => {
    const forward = stepped(street, 10, 0);
    expect(metresTo(street, forward.lon, forward.lat).map(Math.round)).toEqual([10, 0]);
    const right = stepped(street, 0, 10);
    const [east, north] = metresTo(street, right.lon, right.lat);
    expect([Math.round(east) + 0, Math.round(north)]).toEqual([0, -10]);
  });

  test("one looks up and down as far as a neck goes, and turns all round", () => {
    expect(looked(street, 300, 200)).toMatchObject({ heading: 30, pitch: 60 });
  });

  test("the ground under a pixel is as far as the eye is high, at 45 degrees down", () => {
    const down = { ...street, pitch: -45 };
    const [east, north] = groundSeen(down, SIZE, 720, 402) ?? [0, 0];
    expect(east).toBeCloseTo(EYE_ABOVE_GROUND_M, 6);
    expect(north).toBeCloseTo(0, 6);
    expect(groundSeen(street, SIZE, 720, 300)).toBeNull();
  });

  test("letters step and turn only in the street", () => {
    const done: string[] = [];
    const keys = {
      pan: (right: number, up: number) => done.push(`pan ${Math.sign(right)} ${Math.sign(up)}`),
      turn: () => done.push("turn"),
      zoom: () => done.push("zoom"),
      pickMiddle: () => done.push("pick"),
      deeper: (steps: number) => done.push(`deeper ${steps}`) > 0,
      leave: () => done.push("leave"),
    };
    const key = (name: string) => ({ key: name, shiftKey: false }) as KeyboardEvent;
    expect(mapKey(key("w"), keys)).toBe(false);
    expect(mapKey(key("w"), keys, true)).toBe(true);
    mapKey(key("d"), keys, true);
    mapKey(key("PageDown"), keys);
    expect(done).toEqual(["pan 0 1", "pan 1 0", "deeper 1"]);
  });
});

describe("below the street", () => {
  test("one may look up at it, and the ground is then overhead", () => {
    const up = turned({ ...POSE, pitch: -10 }, 0, 80, 60);
    expect(up.pitch).toBe(60);
    const ground = groundUnder(up, SIZE, NO_INSETS, 720, 402);
    expect(Math.hypot(...(ground ?? [9, 9]))).toBeLessThan(1e-6);
  });

  test("marks stand at round numbers, upward on the screen, where the map draws those heights", () => {
    const marks = depthMarks(POSE, SIZE, NO_INSETS, -9.3, 0.7);
    expect(marks.length).toBeGreaterThan(4);
    const step = (marks[1]?.napM ?? 0) - (marks[0]?.napM ?? 0);
    expect(marks.every(({ napM }) => Number.isInteger(napM / step))).toBe(true);
    for (const [n, { napM, y }] of marks.entries()) {
      expect(y).toBeCloseTo(pixelOf(POSE, SIZE, NO_INSETS, POSE.lon, POSE.lat, napM + 9.3)?.[1] ?? -1, 6);
      if (n > 0) expect((marks[n - 1]?.y ?? 0) - y).toBeGreaterThan(28);
    }
    expect(heightOnScreen(POSE, SIZE, NO_INSETS, -9.3, -9.3)).toBeCloseTo(402, 6);
  });

  test("seen from straight above there is nothing to read off", () => {
    expect(depthMarks({ ...POSE, pitch: -89 }, SIZE, NO_INSETS, 0, 0)).toEqual([]);
  });
});

test("who stands in a house is put on the nearest street, looking along it the way one looked", () => {
  const label = (kind: string, lon: number, angleDeg: number) =>
    ({ text: kind, kind, layer: null, lon, lat: 52.36, heightM: 0, rank: 1, angleDeg }) as MapLabel;
  const labels = [label("water", 4.9, 0), label("street", 4.902, 10), label("street", 4.901, -170)];
  expect(onStreet(POSE, labels)).toMatchObject({ lon: 4.901, heading: 80 });
  expect(onStreet({ ...POSE, heading: 300 }, labels)).toMatchObject({ lon: 4.901, heading: 260 });
  expect(onStreet({ ...POSE, lon: 4.95 }, labels)).toMatchObject({ lon: 4.95, heading: 90 });
});

import { describe, expect, test } from "vitest";
import type { MapLabel } from "../src/api/shapes";
import { fitting, isShown, type Seen, upright } from "../src/scene/label-choice";

function label(text: string, kind: MapLabel["kind"], rank: number, layer: string | null = null): MapLabel {
  return { text, kind, layer, lon: 0, lat: 0, heightM: 0, rank, angleDeg: 0 };
}

function seen(one: MapLabel, x: number, y: number): Seen {
  return { label: one, x, y, angleDeg: 0 };
}

const SIZE = { width: 1000, height: 600 };
const WIDE = () => 100;
const ORDER = ["area", "water", "street"] as const;
const names = (found: readonly Seen[]) => found.map(({ label: { text } }) => text);

describe("which names a map shows", () => {
  test("the most important of two that cross, by kind and then by rank", () => {
    const found = fitting(
      [
        seen(label("Laan", "street", 1), 500, 300),
        seen(label("Gracht", "water", 9), 520, 305),
        seen(label("Steeg", "street", 2), 500, 400),
        seen(label("Pad", "street", 3), 530, 405),
      ],
      SIZE,
      ORDER,
      WIDE,
    );
    expect(names(found)).toEqual(["Gracht", "Steeg"]);
  });

  test("a long street has its name again far off, not near by", () => {
    const street = label("Laan", "street", 1);
    const found = fitting(
      [100, 300, 800].map((x) => seen({ ...street }, x, 300)),
      SIZE,
      ORDER,
      WIDE,
    );
    expect(found.map(({ x }) => x)).toEqual([100, 800]);
  });

  test("a name that would be cut off at the edge gives way to where it is whole", () => {
    const again = [seen(label("Laan", "street", 1), 20, 300), seen(label("Laan", "street", 2), 240, 300)];
    expect(fitting(again, SIZE, ORDER, WIDE).map(({ x }) => x)).toEqual([240]);
  });

  test("kinds that are not asked for stay away, and there is an end to it", () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      seen(label(`L${n}`, "street", n + 1), 60 + (n % 8) * 120, 30 + Math.floor(n / 8) * 60),
    );
    expect(fitting(many, SIZE, ["area"], WIDE)).toEqual([]);
    expect(fitting(many, SIZE, ORDER, WIDE).length).toBe(12);
  });

  test("a street is named when its layer is drawn, a neighbourhood always", () => {
    expect(isShown(label("Laan", "street", 1, "straten"), new Set())).toBe(false);
    expect(isShown(label("Laan", "street", 1, "straten"), new Set(["straten"]))).toBe(true);
    expect(isShown(label("Buurt", "area", 1, "buurten"), new Set())).toBe(true);
  });

  test("no name is upside down", () => {
    expect([170, -100, 90, -90, 45].map(upright)).toEqual([-10, 80, 90, 90, 45]);
  });
});

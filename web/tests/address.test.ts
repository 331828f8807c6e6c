import { describe, expect, test } from "vitest";
import { readAddress, readCamera, writeAddress, writeCamera } from "../src/state/address";
import { FIRST_SCREEN, type Screen } from "../src/state/screen";
import { ScreenStore } from "../src/state/screen-store";

const FULL: Screen = {
  panel: "explore",
  view: "2d",
  camera: { lon: 4.907874, lat: 52.362269, heading: 28, pitch: -31, distance: 1180 },
  layers: ["gebouwen", "water"],
  looks: {
    gebouwen: { colour: "bouwjaar", where: [{ column: "bouwjaar", from: 1900, to: 1950, unknown: true }] },
    water: { opacity: 0.4, where: [{ column: "soort", values: ["gracht", "a|b:c,d?..%"] }] },
  },
  selection: { layer: "gebouwen", id: "NL.IMBAG.Pand.0363100012165753" },
  base: "kleur",
  underground: true,
  depthM: 12,
  groundOpacity: 0.4,
  walking: true,
  sun: "2026-06-21T15:00",
  year: 1930,
  swipe: { at: 0.25, layers: ["water"], year: 1850 },
  sketch: {
    kind: "height",
    points: [
      { lon: 4.9, lat: 52.36 },
      { lon: 4.91, lat: 52.37, napM: 12.5 },
    ],
  },
  live: [
    { layer: "lucht", observed: "no2" },
    { layer: "verkeer", observed: "" },
  ],
  moment: "2026-11-23T14:00Z",
  table: { layer: "gebouwen", query: { sorteer: "bouwjaar", richting: "af", pagina: "2" } },
};

describe("the screen and its address", () => {
  test("an empty address is the first screen and the first screen an empty address", () => {
    expect(readAddress("")).toEqual(FIRST_SCREEN);
    expect(writeAddress(FIRST_SCREEN, "")).toBe("");
  });

  test("every part of a screen survives its address", () => {
    expect(readAddress(writeAddress(FULL, ""))).toEqual(FULL);
  });

  test("every single part survives on its own", () => {
    for (const key of Object.keys(FULL) as (keyof Screen)[]) {
      const one = { ...FIRST_SCREEN, panel: "explore", [key]: FULL[key] } as Screen;
      expect(readAddress(writeAddress(one, ""))).toEqual(one);
    }
  });

  test("the address reads as written in the contract", () => {
    expect(writeAddress({ ...FULL, table: null }, "?taal=en")).toBe(
      "?taal=en&beeld=2d&camera=4.907874,52.362269,28,-31,1180&lagen=gebouwen,water" +
        "&ondergrond=kleur&onder=ja&diepte=12&grond=0.4&lopen=ja" +
        "&kleur=gebouwen:bouwjaar&waar=gebouwen:bouwjaar:1900..1950|%3F" +
        "&dekking=water:0.4&waar=water:soort:gracht|a%257Cb%253Ac%252Cd%253F%252E%252E%2525" +
        "&zon=2026-06-21T15:00&jaar=1930&live=lucht:no2,verkeer&moment=2026-11-23T14:00Z&schuif=0.25:lagen:water:jaar:1850" +
        "&meet=height:4.9,52.36|4.91,52.37,12.5&keuze=gebouwen/NL.IMBAG.Pand.0363100012165753",
    );
  });

  test("no layers at all is not the same as the layers of the twin", () => {
    expect(readAddress("?lagen=").layers).toEqual([]);
    expect(readAddress("").layers).toBeNull();
    expect(readAddress(writeAddress({ ...FIRST_SCREEN, layers: [] }, "")).layers).toEqual([]);
  });

  test("an id with slashes, spaces and ampersands survives", () => {
    const selection = { layer: "water", id: "a/b c&d=é?" };
    expect(readAddress(writeAddress({ ...FIRST_SCREEN, selection }, "")).selection).toEqual(selection);
  });

  test("a closed panel stays closed", () => {
    const closed: Screen = { ...FIRST_SCREEN, panel: "closed" };
    expect(readAddress(writeAddress(closed, "")).panel).toBe("closed");
  });

  test.each([
    "?beeld=4d",
    "?kleur=gebouwen",
    "?kleur=A:b",
    "?keuze=gebouwen",
    "?keuze=/x",
    "?camera=1,2,3",
    "?tabel=../x",
    "?kleur=__proto__:x",
    "?dekking=water:2",
    "?dekking=water:",
    "?waar=water:soort",
    "?waar=water:soort:",
    "?zon=2026-02-30T10:00",
    "?zon=2026-06-21T25:00",
    "?jaar=12",
    "?schuif=2",
    "?schuif=",
    "?meet=volume",
    "?meet=distance:4.9",
    "?diepte=-3",
    "?ondergrond=../x",
  ])("nonsense in %s is left out", (search) =>
    expect({ ...readAddress(search), panel: "home" }).toEqual(FIRST_SCREEN));

  test.each([
    "",
    "a,b,c,d,e",
    "4,52,0,100,100",
    "4,52,0,-30,0",
    "4,52,,-30,100",
    "400,52,0,-30,100",
    "4,52,0,-30,Infinity",
  ])("a camera of ‘%s’ is no camera", (text) => expect(readCamera(text)).toBeNull());

  test("one looks up from the street and from below it, not from the air", () => {
    expect(readAddress("?camera=4,52,0,10,100").camera).toBeNull();
    expect(readAddress("?camera=4,52,0,10,100&lopen=ja").camera?.pitch).toBe(10);
    expect(readAddress("?camera=4,52,0,10,100&onder=ja").camera?.pitch).toBe(10);
  });

  test("a camera is rounded and turns within 360 degrees", () => {
    const pose = { lon: 4.90787441, lat: 52.36226899, heading: -332.04, pitch: -31.04, distance: 1180.4 };
    expect(writeCamera(pose)).toBe("4.907874,52.362269,28,-31,1180");
    expect(writeCamera({ ...pose, heading: 359.99 })).toContain(",0,");
  });
});

describe("the store", () => {
  /** A browser's history, with the list of what was written to it. */
  function bar(search = "") {
    const steps: string[] = [];
    const entries = [{ search, step: 0 }];
    let at = 0;
    let back: () => void = () => undefined;
    return {
      steps,
      search: () => entries[at]?.search ?? "",
      step: () => entries[at]?.step ?? 0,
      write: (to: string, step: number, push: boolean) => {
        if (push) {
          entries.splice(at + 1);
          at += 1;
        }
        entries[at] = { search: to, step };
        steps.push(`${push ? "push" : "same"} ${to}`);
      },
      go: (by: number) => {
        at = Math.min(entries.length - 1, Math.max(0, at + by));
        back();
      },
      onBack: (listener: () => void) => {
        back = listener;
      },
    };
  }

  test("a choice is a step in the history and a movement is not", () => {
    const address = bar();
    const store = new ScreenStore(address);
    store.update({ selection: { layer: "water", id: "w1" } });
    store.update({ camera: FULL.camera }, "same");
    expect(address.steps.map((step) => step.split(" ")[0])).toEqual(["push", "same"]);
  });

  test("a drag is one step, and the camera that moves meanwhile does not write its middle down", () => {
    const address = bar();
    const store = new ScreenStore(address);
    for (const year of [1900, 1910, 1920]) store.update({ year }, "passing");
    expect(store.get().year).toBe(1920);
    store.update({ camera: FULL.camera }, "same");
    expect(address.search()).not.toContain("jaar");
    store.update({ year: 1920 });
    expect(address.steps.map((step) => step.split(" ")[0])).toEqual(["same", "push"]);
    store.undo();
    expect(store.get().year).toBeNull();
  });

  test("writing what is there already makes no step", () => {
    const address = bar("?beeld=2d");
    new ScreenStore(address).update({ view: "2d" });
    expect(address.steps).toEqual([]);
  });

  test("going back restores the screen and tells who listens", () => {
    const address = bar("?keuze=water/w1");
    const store = new ScreenStore(address);
    const heard: (string | null)[] = [];
    store.subscribe((now) => heard.push(now.selection?.id ?? null));
    store.update({ selection: null });
    address.go(-1);
    expect(heard).toEqual([null, "w1"]);
  });

  test("undo and redo go through every choice, and doing something else ends redo", () => {
    const store = new ScreenStore(bar());
    expect([store.canUndo, store.canRedo]).toEqual([false, false]);
    store.update({ year: 1900 });
    store.update({ sun: "2026-06-21T15:00" });
    store.undo();
    expect([store.get().year, store.get().sun, store.canUndo, store.canRedo]).toEqual([
      1900,
      null,
      true,
      true,
    ]);
    store.undo();
    expect([store.get().year, store.canUndo]).toEqual([null, false]);
    store.undo();
    store.redo();
    expect(store.get().year).toBe(1900);
    store.update({ year: 1950 });
    expect(store.canRedo).toBe(false);
    store.redo();
    expect(store.get().year).toBe(1950);
  });

  test("a movement is no step of undo but is there again after redo", () => {
    const store = new ScreenStore(bar());
    store.update({ year: 1900 });
    store.update({ camera: FULL.camera }, "same");
    store.undo();
    expect(store.get().camera).toBeNull();
    store.redo();
    expect(store.get().camera).toEqual(FULL.camera);
  });
});

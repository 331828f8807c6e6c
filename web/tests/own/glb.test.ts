import { describe, expect, test } from "vitest";
import { earthCentred } from "../../src/own/frame";
import type { GlbModel, OwnLayer } from "../../src/own/own-layer";
import { apart, bytesOf, open, refusal, refusalWithFacts } from "./opening";

const POSITIONS = {
  bufferView: 0,
  componentType: 5126,
  count: 3,
  type: "VEC3",
  min: [0, 0, 0],
  max: [4, 2, 6],
};
/** One triangle, of which the numbers do not matter: only what the file says of them is read. */
function gltf(more: object = {}): object {
  return {
    asset: { version: "2.0" },
    buffers: [{ byteLength: 36 }],
    bufferViews: [{ buffer: 0, byteLength: 36 }],
    accessors: [POSITIONS],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    nodes: [{ mesh: 0 }],
    scenes: [{ nodes: [0] }],
    ...more,
  };
}

interface Lies {
  magic?: number;
  version?: number;
  length?: number;
  jsonLength?: number;
  jsonType?: number;
  binLength?: number;
}

function glb(json: string | object = gltf(), lies: Lies = {}, bin = new Uint8Array(36)): Uint8Array {
  const text = bytesOf(json);
  const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(0x20);
  padded.set(text);
  const whole = new Uint8Array(12 + 8 + padded.length + 8 + bin.length);
  const view = new DataView(whole.buffer);
  const words = [
    [0, lies.magic ?? 0x46546c67],
    [4, lies.version ?? 2],
    [8, lies.length ?? whole.length],
    [12, lies.jsonLength ?? padded.length],
    [16, lies.jsonType ?? 0x4e4f534a],
    [20 + padded.length, lies.binLength ?? bin.length],
    [24 + padded.length, 0x004e4942],
  ] as const;
  whole.set(padded, 20);
  for (const [at, word] of words) view.setUint32(at, word, true);
  return whole;
}

function modelOf(layer: OwnLayer): GlbModel {
  if (layer.model?.form !== "glb") throw new Error("no GLB");
  return layer.model;
}

const opened = async (json: object) => modelOf(await open("ontwerp.glb", glb(json)));

describe("a sound model", () => {
  test("keeps its bytes, and its place is to be asked", async () => {
    const bytes = glb();
    const layer = await open("ontwerp.glb", bytes);
    expect(layer).toMatchObject({ title: "ontwerp", kind: "model", features: [], bbox: null });
    expect(layer.counted).toEqual({ taken: 1, leftOut: [] });
    const model = modelOf(layer);
    expect([...model.bytes]).toEqual([...bytes]);
    expect(model).toMatchObject({ triangles: 1, box: { min: [0, 0, 0], max: [4, 2, 6] } });
    expect(model.placing).toEqual({ by: "reader", proposal: null });
  });

  test("is known by its first bytes, whatever it is called", async () => {
    expect((await open("ontwerp.bin", glb())).model?.form).toBe("glb");
  });

  test("is measured with every node's transform", async () => {
    const half = Math.SQRT1_2;
    const nodes = [
      { children: [1], translation: [100, 0, 0], scale: [2, 2, 2] },
      // A quarter turn about y: x becomes -z, z becomes x.
      { mesh: 0, rotation: [0, half, 0, half] },
      { mesh: 0, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 50, 0, 1] },
    ];
    const model = await opened(gltf({ nodes, scenes: [{ nodes: [0, 2] }] }));
    expect(model.triangles).toBe(2);
    const near = (numbers: readonly number[]) => numbers.map((each) => Math.round(each * 1000) / 1000);
    expect(near(model.box.min)).toEqual([0, 0, -8]);
    expect(near(model.box.max)).toEqual([112, 52, 6]);
  });

  test("without a scene is walked from the nodes that no other holds", async () => {
    expect(
      (await opened(gltf({ scenes: undefined, nodes: [{ children: [1] }, { mesh: 0 }] }))).triangles,
    ).toBe(1);
  });

  test("with small integers is measured in their unit", async () => {
    const small = { ...POSITIONS, componentType: 5122, normalized: true, max: [32_767, 32_767, 32_767] };
    expect((await opened(gltf({ accessors: [small] }))).box.max).toEqual([1, 1, 1]);
  });

  test("with copies counts each of them", async () => {
    const copies = { bufferView: 0, componentType: 5126, count: 2, type: "VEC3" };
    const node = { mesh: 0, extensions: { EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: 1 } } } };
    expect((await opened(gltf({ accessors: [POSITIONS, copies], nodes: [node] }))).triangles).toBe(2);
  });

  test("in earth-centred coordinates stands where it says", async () => {
    const [x, y, z] = earthCentred(4.9, 52.37, 43);
    const nodes = [{ mesh: 0, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, z, -y, 1] }];
    const layer = await open("x.glb", glb(gltf({ nodes })));
    const { placing } = modelOf(layer);
    if (placing.by !== "file") throw new Error("not placed");
    expect(apart([placing.lon, placing.lat], [4.9, 52.37])).toBeLessThan(10);
    expect(layer.bbox?.[0]).toBeCloseTo(4.9, 3);
  });

  test("with a centre in CESIUM_RTC stands there", async () => {
    const extensions = { CESIUM_RTC: { center: earthCentred(4.9, 52.37, 43) } };
    const { placing } = await opened(gltf({ extensions }));
    expect(placing).toMatchObject({ by: "file" });
    expect(placing.by === "file" && placing.heightM).toBeCloseTo(43, 2);
  });

  test("in RD gets a proposal for its place", async () => {
    const { placing } = await opened(gltf({ nodes: [{ mesh: 0, translation: [120_700, 0, -487_500] }] }));
    expect(placing.by === "reader" && placing.proposal?.lon).toBeCloseTo(4.8835, 3);
  });

  test("with its picture in the file is taken", async () => {
    const images = [{ uri: "data:image/png;base64,AAAA" }];
    expect((await opened(gltf({ images, extras: { uri: "https://example.org/" } }))).triangles).toBe(1);
  });
});

describe("bytes that lie", () => {
  test.each([
    ["another magic", glb(gltf(), { magic: 1 }), "glb-magic"],
    ["version 1", glb(gltf(), { version: 1 }), "glb-version"],
    ["a length of a thousand million", glb(gltf(), { length: 1_000_000_000 }), "glb-length"],
    ["a length that is too short", glb(gltf(), { length: 20 }), "glb-length"],
    ["JSON of a thousand million", glb(gltf(), { jsonLength: 1_000_000_000 }), "glb-length"],
    ["JSON of 2^32 - 1", glb(gltf(), { jsonLength: 0xffffffff }), "glb-length"],
    ["a BIN chunk of a thousand million", glb(gltf(), { binLength: 1_000_000_000 }), "glb-length"],
    ["a first chunk that is no JSON", glb(gltf(), { jsonType: 0 }), "glb-json"],
    ["twelve bytes", glb().slice(0, 12), "glb-length"],
    ["half a file", glb().slice(0, 100), "glb-length"],
    ["JSON that is broken", glb("{"), "json"],
    ["JSON that is a list", glb("[]"), "glb-json"],
    ["JSON without an asset", glb("{}"), "glb-json"],
    ["glTF 1.0", glb(gltf({ asset: { version: "1.0" } })), "glb-version"],
    ["deep JSON", glb(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`), "json-deep"],
  ])("%s is refused", async (_, bytes, reason) => {
    expect(await refusal("x.glb", bytes)).toBe(reason);
  });
});

describe("descriptions that lie", () => {
  const uses = (accessor: object) => gltf({ accessors: [{ ...POSITIONS, ...accessor }] });
  const knot = [{ children: [1] }, { children: [0] }];
  test.each([
    ["a count beyond its bytes", uses({ count: 4 }), "glb-accessor"],
    ["a count of a thousand million", uses({ count: 1_000_000_000 }), "glb-triangles"],
    ["a count below nothing", uses({ count: -1 }), "glb-accessor"],
    ["an unknown kind of number", uses({ componentType: 1 }), "glb-accessor"],
    ["a view that is not there", uses({ bufferView: 9 }), "glb-accessor"],
    [
      "a view beyond the BIN chunk",
      gltf({ bufferViews: [{ buffer: 0, byteOffset: 8, byteLength: 36 }] }),
      "glb-accessor",
    ],
    ["no size", uses({ min: undefined }), "glb-empty"],
    ["no mesh", gltf({ nodes: [{}] }), "glb-empty"],
    ["nodes in a knot", gltf({ nodes: knot }), "glb-nodes"],
    ["a node in two places", gltf({ nodes: [{ mesh: 0 }], scenes: [{ nodes: [0, 0] }] }), "glb-nodes"],
    ["a node that is not there", gltf({ scenes: [{ nodes: [5] }] }), "glb-nodes"],
    ["a node from the prototype", gltf({ scenes: [{ nodes: ["length"] }] }), "glb-nodes"],
    ["more triangles than a browser draws", manyTriangles(), "glb-triangles"],
    ["Draco", gltf({ extensionsRequired: ["KHR_draco_mesh_compression"] }), "glb-extension"],
    ["an unknown extension", gltf({ extensionsRequired: ["__proto__"] }), "glb-extension"],
  ])("%s is refused", async (_, json, reason) => {
    expect(await refusal("x.glb", glb(json))).toBe(reason);
  });

  test.each([
    ["a buffer", { buffers: [{ byteLength: 36, uri: "https://example.org/a.bin" }] }],
    ["a picture", { images: [{ uri: "a.png" }] }],
    ["a picture with an odd scheme", { images: [{ uri: "javascript:0" }] }],
    ["a schema in an extension", { extensions: { EXT_structural_metadata: { schemaUri: "//example.org" } } }],
    ["something that is no text", { images: [{ uri: { data: "data:" } }] }],
  ])("%s somewhere else is refused, with its address", async (_, more) => {
    const found = await refusalWithFacts("x.glb", glb(gltf(more)));
    expect(found.reason).toBe("glb-external");
    expect(String(found.facts.address).length).toBeGreaterThan(3);
  });
});

/** A hundred thousand triangles in eleven places. */
function manyTriangles(): object {
  const indices = { componentType: 5125, count: 300_000, type: "SCALAR" };
  return gltf({
    accessors: [POSITIONS, indices],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    nodes: Array.from({ length: 11 }, () => ({ mesh: 0 })),
    scenes: [{ nodes: Array.from({ length: 11 }, (_, i) => i) }],
  });
}

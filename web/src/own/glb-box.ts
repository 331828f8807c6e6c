/** How large a glTF model is and how many triangles it has, without decoding it. */

import { type JsonObject, listOf, member } from "./json";
import { LIMITS } from "./limits";
import { OwnError } from "./own-error";
import type { Triple } from "./own-layer";

export interface GltfBox {
  readonly box: { readonly min: Triple; readonly max: Triple };
  readonly triangles: number;
}

/** Column by column, as glTF has it. */
type Matrix = readonly number[];
const SAME: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

const COMPONENT_BYTES: Readonly<Record<number, number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};
/** What a normalised integer of 1 is stored as. */
const NORMALISED: Readonly<Record<number, number>> = { 5120: 127, 5121: 255, 5122: 32_767, 5123: 65_535 };
const COMPONENTS: Readonly<Record<string, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };
const [TRIANGLES, STRIP, FAN] = [4, 5, 6];

/** Of the default scene. `binBytes` is how long the BIN chunk is. Raises OwnError `glb-…`. */
export function boxOf(gltf: JsonObject, binBytes: number): GltfBox {
  const survey = new Survey(gltf, binBytes);
  const scenes = listOf(gltf.scenes);
  const scene = scenes[typeof gltf.scene === "number" ? gltf.scene : 0];
  survey.walk(scene === undefined ? rootsOf(listOf(gltf.nodes)) : listOf(member(scene, "nodes")));
  return survey.result();
}

/** Without a scene: every node that no other node holds. */
function rootsOf(nodes: readonly unknown[]): readonly number[] {
  const held = new Set(nodes.flatMap((node) => [...listOf(member(node, "children"))]));
  return [...nodes.keys()].filter((index) => !held.has(index));
}

class Survey {
  private readonly low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  private readonly high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  private triangles = 0;
  private readonly nodes: readonly unknown[];
  private readonly meshes: readonly unknown[];
  private readonly accessors: readonly unknown[];
  private readonly views: readonly unknown[];

  constructor(
    gltf: JsonObject,
    private readonly binBytes: number,
  ) {
    this.nodes = listOf(gltf.nodes);
    this.meshes = listOf(gltf.meshes);
    this.accessors = listOf(gltf.accessors);
    this.views = listOf(gltf.bufferViews);
    for (const accessor of this.accessors) this.check(accessor);
  }

  /** Each node may hang in one place only: so the walk ends, also when a file says that it goes round. */
  walk(roots: readonly unknown[]): void {
    const seen = new Set<number>();
    const waiting: [unknown, Matrix][] = roots.map((root) => [root, SAME]);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, above] = next;
      const known = typeof index === "number" && index in this.nodes && !seen.has(index);
      if (!known || seen.size >= LIMITS.glbNodes) throw new OwnError("glb-nodes");
      seen.add(index);
      const node = this.nodes[index];
      const here = times(above, matrixOf(node));
      const mesh = member(node, "mesh");
      if (typeof mesh === "number") this.addMesh(this.meshes[mesh], here, this.copiesOf(node));
      for (const child of listOf(member(node, "children"))) waiting.push([child, here]);
    }
  }

  result(): GltfBox {
    if (!this.low.every(Number.isFinite) || !this.high.every(Number.isFinite))
      throw new OwnError("glb-empty");
    const [[ax = 0, ay = 0, az = 0], [bx = 0, by = 0, bz = 0]] = [this.low, this.high];
    return { box: { min: [ax, ay, az], max: [bx, by, bz] }, triangles: this.triangles };
  }

  private addMesh(mesh: unknown, here: Matrix, copies: number): void {
    for (const primitive of listOf(member(mesh, "primitives"))) {
      const position = this.accessors[numberIn(member(primitive, "attributes"), "POSITION") ?? -1];
      if (position === undefined) continue;
      const indices = this.accessors[numberIn(primitive, "indices") ?? -1];
      const count = numberIn(indices ?? position, "count") ?? 0;
      this.triangles += trianglesOf(numberIn(primitive, "mode") ?? TRIANGLES ?? 4, count) * copies;
      if (this.triangles > LIMITS.triangles) throw new OwnError("glb-triangles", { limit: LIMITS.triangles });
      this.addBox(position, here);
    }
  }

  /** A mesh that is drawn at many places by EXT_mesh_gpu_instancing counts as often. */
  private copiesOf(node: unknown): number {
    const attributes = member(member(member(node, "extensions"), "EXT_mesh_gpu_instancing"), "attributes");
    const first = Object.values(attributes ?? {}).find((each) => typeof each === "number");
    return typeof first === "number" ? (numberIn(this.accessors[first], "count") ?? 1) : 1;
  }

  private addBox(position: unknown, here: Matrix): void {
    const [low, high] = [listOf(member(position, "min")), listOf(member(position, "max"))];
    const component = numberIn(position, "componentType") ?? 0;
    const unit = member(position, "normalized") === true ? (NORMALISED[component] ?? 1) : 1;
    for (let corner = 0; corner < 8; corner += 1) {
      const at = [0, 1, 2].map((axis) => Number((corner >> axis) & 1 ? high[axis] : low[axis]) / unit);
      for (let axis = 0; axis < 3; axis += 1) {
        const value = [0, 1, 2].reduce(
          (sum, i) => sum + (here[i * 4 + axis] ?? 0) * (at[i] ?? 0),
          here[12 + axis] ?? 0,
        );
        this.low[axis] = Math.min(this.low[axis] ?? 0, value);
        this.high[axis] = Math.max(this.high[axis] ?? 0, value);
      }
    }
  }

  /** What an accessor claims has to be there: a count of a thousand million is refused, not reserved. */
  private check(accessor: unknown): void {
    const count = numberIn(accessor, "count");
    const size = COMPONENT_BYTES[numberIn(accessor, "componentType") ?? 0];
    const components = COMPONENTS[String(member(accessor, "type"))] ?? 4;
    if (count === null || count < 1 || size === undefined) throw new OwnError("glb-accessor");
    const index = numberIn(accessor, "bufferView");
    if (count > LIMITS.triangles * 3) throw new OwnError("glb-triangles", { limit: LIMITS.triangles });
    if (index === null) return;
    const view = this.views[index];
    const length = numberIn(view, "byteLength");
    if (view === undefined || length === null) throw new OwnError("glb-accessor");
    const compressed = member(member(view, "extensions"), "EXT_meshopt_compression");
    const stride = numberIn(compressed ?? view, "byteStride") ?? size * components;
    const needed = (numberIn(accessor, "byteOffset") ?? 0) + stride * (count - 1) + size * components;
    if (needed > length) throw new OwnError("glb-accessor");
    this.checkView(compressed ?? view);
  }

  /** Buffer 0 of a GLB is its BIN chunk, or a data: address that the engine measures itself. */
  private checkView(view: unknown): void {
    const end = (numberIn(view, "byteOffset") ?? 0) + (numberIn(view, "byteLength") ?? 0);
    if (numberIn(view, "buffer") === 0 && this.binBytes > 0 && end > this.binBytes)
      throw new OwnError("glb-accessor");
  }
}

function trianglesOf(mode: number, count: number): number {
  if (mode === TRIANGLES) return Math.floor(count / 3);
  return mode === STRIP || mode === FAN ? Math.max(0, count - 2) : 0;
}

/** A whole number of zero or more. */
function numberIn(object: unknown, name: string): number | null {
  const value = member(object, name);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function matrixOf(node: unknown): Matrix {
  const matrix = numbersIn(node, "matrix", 16);
  if (matrix !== null) return matrix;
  const [tx = 0, ty = 0, tz = 0] = numbersIn(node, "translation", 3) ?? [];
  const [sx = 1, sy = 1, sz = 1] = numbersIn(node, "scale", 3) ?? [];
  const [x = 0, y = 0, z = 0, w = 1] = numbersIn(node, "rotation", 4) ?? [];
  return [
    (1 - 2 * (y * y + z * z)) * sx,
    2 * (x * y + z * w) * sx,
    2 * (x * z - y * w) * sx,
    0,
    2 * (x * y - z * w) * sy,
    (1 - 2 * (x * x + z * z)) * sy,
    2 * (y * z + x * w) * sy,
    0,
    2 * (x * z + y * w) * sz,
    2 * (y * z - x * w) * sz,
    (1 - 2 * (x * x + y * y)) * sz,
    0,
    tx,
    ty,
    tz,
    1,
  ];
}

function numbersIn(object: unknown, name: string, length: number): readonly number[] | null {
  const list = listOf(member(object, name));
  if (list.length !== length) return null;
  return list.every((each) => typeof each === "number" && Number.isFinite(each)) ? (list as number[]) : null;
}

function times(a: Matrix, b: Matrix): Matrix {
  const product: number[] = [];
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let i = 0; i < 4; i += 1) sum += (a[i * 4 + row] ?? 0) * (b[column * 4 + i] ?? 0);
      product.push(sum);
    }
  }
  return product;
}

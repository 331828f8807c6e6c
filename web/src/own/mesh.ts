/** Faces with holes, in space, become triangles. */

import earcut from "earcut";
import { LIMITS } from "./limits";
import { OwnError } from "./own-error";
import type { MeshModel, Triple } from "./own-layer";

/** The first is the outline, the others are holes; not closed. */
export type Face = readonly (readonly Triple[])[];

/** Twice the area below which a face is a line, in square metres. */
const NO_AREA = 1e-6;

/** The unit normal of a face by Newell's method, also when it is not quite flat; null without an area. */
export function normalOf(outline: readonly Triple[]): Triple | null {
  let [nx, ny, nz] = [0, 0, 0];
  const [ox, oy, oz] = outline[0] ?? [0, 0, 0];
  for (let i = 0; i < outline.length; i += 1) {
    const [ax, ay, az] = outline[i] as Triple;
    const [bx, by, bz] = outline[(i + 1) % outline.length] as Triple;
    nx += (ay - by) * (az + bz - 2 * oz);
    ny += (az - bz) * (ax + bx - 2 * ox);
    nz += (ax - bx) * (ay + by - 2 * oy);
  }
  const length = Math.hypot(nx, ny, nz);
  return length > NO_AREA ? [nx / length, ny / length, nz / length] : null;
}

export class MeshBuilder {
  private readonly positions = new Growing();
  private readonly normals = new Growing();
  private readonly kinds: number[] = [];
  private readonly owners: number[] = [];

  get triangles(): number {
    return this.kinds.length;
  }

  /** False when the face has no area, or too many corners. `normal` is its own. Raises OwnError `cityjson-triangles`. */
  add(face: Face, normal: Triple, kind: number, owner: number): boolean {
    const corners = face.flat();
    if (corners.length > LIMITS.faceCorners) return false;
    const flat = flattened(corners, normal);
    const holes: number[] = [];
    let start = 0;
    for (const ring of face.slice(0, -1)) {
      start += ring.length;
      holes.push(start);
    }
    const found = earcut(flat, holes);
    for (let i = 0; i + 2 < found.length; i += 3) {
      if (this.triangles >= LIMITS.triangles) throw tooMany();
      const three = [found[i] ?? 0, found[i + 1] ?? 0, found[i + 2] ?? 0];
      for (const corner of three) {
        this.positions.push(corners[corner] as Triple);
        this.normals.push(normal);
      }
      this.kinds.push(kind);
      this.owners.push(owner);
    }
    return found.length > 0;
  }

  built(): Pick<MeshModel, "positions" | "normals" | "kinds" | "objectOf"> {
    return {
      positions: this.positions.taken(),
      normals: this.normals.taken(),
      kinds: Uint8Array.from(this.kinds),
      objectOf: Uint32Array.from(this.owners),
    };
  }
}

function tooMany(): OwnError {
  return new OwnError("cityjson-triangles", { limit: LIMITS.triangles });
}

/**
 * The corners seen along the normal, without its largest part, as x and y; mirrored where needed, so that
 * what runs anticlockwise round the normal still does, and the triangles come out facing the same way.
 */
function flattened(corners: readonly Triple[], [nx, ny, nz]: Triple): number[] {
  const [ax, ay, az] = [Math.abs(nx), Math.abs(ny), Math.abs(nz)];
  const flat: number[] = [];
  for (const [x, y, z] of corners) {
    if (az >= ax && az >= ay) flat.push(nz > 0 ? x : -x, y);
    else if (ax >= ay) flat.push(nx > 0 ? y : -y, z);
    else flat.push(ny > 0 ? z : -z, x);
  }
  return flat;
}

/** Single floats of which the number is not known before. */
class Growing {
  private room = new Float32Array(9 * 1024);
  private size = 0;

  push(three: Triple): void {
    if (this.size + 3 > this.room.length) {
      const larger = new Float32Array(this.room.length * 2);
      larger.set(this.room);
      this.room = larger;
    }
    this.room.set(three, this.size);
    this.size += 3;
  }

  taken(): Float32Array<ArrayBuffer> {
    return this.room.slice(0, this.size);
  }
}

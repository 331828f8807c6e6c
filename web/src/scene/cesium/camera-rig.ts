/** Where the camera is: above the city, below its street, or in it; and how it moves there. */

import { Cartesian3, Matrix4, type Scene, Transforms } from "@cesium/engine";
import type { ScreenPoint, Shown } from "../engine";
import {
  axes,
  cameraOffset,
  EYE_M,
  FIELD_OF_VIEW_DEG,
  groundUnder,
  type Insets,
  LIMITS,
  MAX_PITCH_BELOW,
  metresPerPixel,
  moved,
  NO_INSETS,
  type Pose,
  reframed,
  type Size,
  turned,
  type Vector,
  zoomed,
} from "../pose";
import {
  EYE_ABOVE_GROUND_M,
  groundSeen,
  isWalking,
  lifted,
  looked,
  STEP_M,
  stepped,
  stoodAt,
  TURN_DEG,
  WALKING_FIELD_DEG,
} from "../walking";

const NEAR_M = 1;
/** In the street a wall may be an arm's length away. */
const NEAR_WALKING_M = 0.2;
/** How far a key or a wheel step goes, of what the picture shows. */
const STEPS_PER_PAN = 1 / 0.15;
const STEPS_PER_ZOOM = 8;

/** What one stands on. */
export interface Land {
  /** Metres above the ellipsoid of the ground at a place. */
  groundAt(lon: number, lat: number): number;
  isInHouse(lon: number, lat: number): boolean;
  isStreet(lon: number, lat: number): boolean;
  /** The same, on the nearest street. */
  onStreet(pose: Pose): Pose;
}

export class CameraRig {
  insets: Insets = NO_INSETS;
  walking = false;
  private below = false;
  private depthM = 0;
  /** Where one was before walking. */
  private before: Pose | null = null;

  constructor(
    private readonly scene: Scene,
    public pose: Pose,
    private readonly size: () => Size,
    /** Metres above the ellipsoid of the street in general. */
    private readonly street: number,
    private readonly land: Land,
  ) {
    this.walking = isWalking(pose);
  }

  /** Bring height and limits in line; returns whether the camera moved. */
  follow(shown: Shown): boolean {
    const { pose, depthM } = this;
    this.depthM = shown.underground ? shown.depthM : 0;
    this.below = shown.underground;
    if (!shown.underground && pose.pitch > LIMITS.maxPitch && !shown.walking) this.pose = turned(pose, 0, 0);
    if (shown.walking !== this.walking) this.walk(shown.walking);
    return pose !== this.pose || depthM !== this.depthM;
  }

  /** The pose from which one comes back is given up when another one is asked for. */
  jump(pose: Pose): void {
    this.pose = pose;
    if (!isWalking(pose)) this.walking = false;
    this.before = isWalking(pose) ? this.before : null;
  }

  private walk(walking: boolean): void {
    this.walking = walking;
    if (walking && !isWalking(this.pose)) {
      this.before = this.pose;
      const { lon, lat } = this.pose;
      this.pose = stoodAt(this.land.isStreet(lon, lat) ? this.pose : this.land.onStreet(this.pose));
    } else if (!walking && isWalking(this.pose)) {
      this.pose = this.before ?? lifted(this.pose);
    }
  }

  setInsets(insets: Insets, keep: "picture" | "pose"): void {
    if (keep === "picture" && !this.walking) {
      this.pose = reframed(this.pose, this.size(), this.insets, insets);
    }
    this.insets = insets;
  }

  /** The ground under a pixel, in metres east and north of the pose. */
  ground(at: ScreenPoint): readonly [number, number] | null {
    if (this.walking) return groundSeen(this.pose, this.size(), at.x, at.y);
    return groundUnder(this.pose, this.size(), this.insets, at.x, at.y);
  }

  /** The ground under one pixel comes to lie under another; in the street one looks around instead. */
  dragged(from: ScreenPoint, to: ScreenPoint): Pose {
    if (this.walking) {
      const degrees = WALKING_FIELD_DEG / Math.max(this.size().width, this.size().height);
      return looked(this.pose, (from.x - to.x) * degrees, (to.y - from.y) * degrees);
    }
    const [start, end] = [this.ground(from), this.ground(to)];
    if (start === null || end === null) {
      const metres = metresPerPixel(this.pose, this.size());
      return stepped(this.pose, (to.y - from.y) * metres, (from.x - to.x) * metres);
    }
    const [east, north] = [start[0] - end[0], start[1] - end[1]];
    return Math.hypot(east, north) < this.pose.distance / 2 ? moved(this.pose, east, north) : this.pose;
  }

  turned(headingDeg: number, pitchDeg: number): Pose {
    if (this.walking) return looked(this.pose, headingDeg, pitchDeg);
    return turned(this.pose, headingDeg, pitchDeg, this.below ? MAX_PITCH_BELOW : LIMITS.maxPitch);
  }

  zoomed(factor: number, at: ScreenPoint | null): Pose {
    if (this.walking) return this.outside(stepped(this.pose, -Math.log(factor) * STEPS_PER_ZOOM, 0));
    return zoomed(this.pose, factor, at === null ? null : this.ground(at));
  }

  /** By parts of the picture; in the street forward, and sideways turns. */
  panned(right: number, up: number): Pose {
    if (this.walking) {
      const turnedTo = looked(this.pose, right * STEPS_PER_PAN * TURN_DEG, 0);
      return up === 0 ? turnedTo : this.outside(stepped(turnedTo, up * STEPS_PER_PAN * STEP_M, 0));
    }
    const size = this.size();
    const metres = metresPerPixel(this.pose, size);
    const [east, north] = axes({ ...this.pose, pitch: -90 }).right;
    const dx = right * size.width * metres;
    const dy = up * size.height * metres;
    return moved(this.pose, east * dx - north * dy, north * dx + east * dy);
  }

  /** A wall stops who walks; who is inside may go out. */
  private outside(to: Pose): Pose {
    const { lon, lat } = this.pose;
    return this.land.isInHouse(to.lon, to.lat) && !this.land.isInHouse(lon, lat) ? this.pose : to;
  }

  /** Puts the engine's camera where the pose says. */
  place(): void {
    const { pose } = this;
    const height = this.walking
      ? this.land.groundAt(pose.lon, pose.lat) + EYE_ABOVE_GROUND_M
      : this.street + (this.depthM > 0 ? -this.depthM : EYE_M);
    const frame = Transforms.eastNorthUpToFixedFrame(Cartesian3.fromDegrees(pose.lon, pose.lat, height));
    const offset: Vector = this.walking ? [0, 0, 0] : cameraOffset(pose, this.size(), this.insets);
    const { direction, up } = axes(pose);
    const turn = (v: Vector) =>
      Matrix4.multiplyByPointAsVector(frame, new Cartesian3(...v), new Cartesian3());
    const field = this.walking ? WALKING_FIELD_DEG : FIELD_OF_VIEW_DEG;
    Object.assign(this.scene.camera.frustum, {
      fov: (field * Math.PI) / 180,
      near: this.walking ? NEAR_WALKING_M : NEAR_M,
    });
    this.scene.camera.setView({
      destination: Matrix4.multiplyByPoint(frame, new Cartesian3(...offset), new Cartesian3()),
      orientation: { direction: turn(direction), up: turn(up) },
    });
    this.scene.requestRender();
  }
}

/** A visitor's own files in the scene: shapes on the ground, triangles of a city model, and GLB models. */

import {
  Axis,
  BoundingSphere,
  Cartesian3,
  Color,
  ComponentDatatype,
  Geometry,
  GeometryAttribute,
  GeometryAttributes,
  GeometryInstance,
  HeadingPitchRoll,
  Matrix4,
  Model,
  PerInstanceColorAppearance,
  Primitive,
  PrimitiveType,
  type Scene,
  Transforms,
} from "@cesium/engine";
import type { SceneManifest } from "../../api/shapes";
import { ownFeatures } from "../../drawing/own-shapes";
import { SELECTED } from "../../drawing/palette";
import { type MeshModel, SURFACE_KINDS } from "../../own/own-layer";
import type { OwnShown } from "../../state/own-files";
import { DataShapes } from "./data-shapes";
import { GroundShapes } from "./ground-shapes";

/** Roofs a little darker than walls, as in the city. */
const SHADE: Readonly<Record<(typeof SURFACE_KINDS)[number], number>> = {
  other: 1,
  roof: 0.82,
  wall: 1,
  ground: 0.7,
};

/** While a model is being unpacked. */
const FRAME_EVERY_MS = 200;

interface Drawn {
  readonly data: DataShapes;
  readonly areas: GroundShapes;
  readonly models: (Primitive | Model)[];
  gone: boolean;
}

export class OwnModels {
  private readonly drawn = new Map<OwnShown, Drawn>();

  constructor(
    private readonly scene: Scene,
    private readonly city: Pick<SceneManifest, "groundNapM" | "geoidM" | "terrain">,
    /** A file that this engine cannot draw, and why. */
    private readonly failed: (file: string, error: unknown) => void,
  ) {}

  set(files: readonly OwnShown[]): void {
    for (const [file, drawn] of this.drawn) {
      if (!files.includes(file)) this.clear(file, drawn);
    }
    for (const file of files) {
      if (!this.drawn.has(file)) this.draw(file);
    }
    this.scene.requestRender();
  }

  private clear(file: OwnShown, drawn: Drawn): void {
    drawn.gone = true;
    drawn.data.set([]);
    drawn.areas.set([], { line: file.colour, width: 1, fill: 0 });
    for (const model of drawn.models) this.scene.primitives.remove(model);
    this.drawn.delete(file);
  }

  private draw(file: OwnShown): void {
    const ground = this.city.groundNapM + this.city.geoidM;
    const drawn: Drawn = {
      data: new DataShapes(this.scene, ground, this.city.terrain !== undefined),
      areas: new GroundShapes(this.scene, ground),
      models: [],
      gone: false,
    };
    this.drawn.set(file, drawn);
    const features = ownFeatures(file);
    const colourOf = (index: number) => (index === file.chosen ? SELECTED : file.colour);
    const index = new Map(features.map((feature, n) => [feature, n]));
    // A city model stands itself; only the one that was chosen is marked on the ground.
    const flat = file.layer.model === undefined ? features : features.filter((_, n) => n === file.chosen);
    const colour = (feature: (typeof features)[number]) => colourOf(index.get(feature) ?? -1);
    drawn.data.set([{ features: flat, filled: true, opacity: 1, colourOf: colour }]);
    const areas = (file.layer.model === undefined ? features : flat).flatMap(({ geometry }) =>
      geometry?.type === "Polygon" || geometry?.type === "MultiPolygon" ? [geometry] : [],
    );
    drawn.areas.set(areas, { line: file.colour, width: 3, fill: 0 });
    this.addModel(file, drawn);
  }

  private addModel(file: OwnShown, drawn: Drawn): void {
    const { model } = file.layer;
    if (model?.form === "mesh") {
      drawn.models.push(this.scene.primitives.add(this.mesh(model, file)) as Primitive);
    } else if (model?.form === "glb" && !file.undrawn) {
      const place = this.placeOf(file);
      if (place === null) return;
      // A copy: the engine keeps the bytes that it is given, and the file may be placed again.
      const gltf = new Uint8Array(model.bytes);
      // The engine knows the parts of a model by its address, and takes those of another without one for the same.
      const basePath = `${file.id}/`;
      const axes = { upAxis: Axis.Y, forwardAxis: Axis.X };
      const options = { gltf, basePath, modelMatrix: place, ...axes, allowPicking: false };
      Model.fromGltfAsync(options as unknown as Parameters<typeof Model.fromGltfAsync>[0]).then(
        (loaded) => {
          if (drawn.gone || this.scene.isDestroyed()) return loaded.destroy();
          drawn.models.push(this.scene.primitives.add(loaded) as Model);
          this.attend(file, drawn, loaded);
          this.scene.requestRender();
        },
        (error: unknown) => this.failed(file.id, error),
      );
    }
  }

  /** The engine unpacks a model from frame to frame: there have to be some until it is there, or has failed. */
  private attend(file: OwnShown, drawn: Drawn, model: Model): void {
    const frames = setInterval(() => {
      if (this.scene.isDestroyed() || drawn.gone) clearInterval(frames);
      else this.scene.requestRender();
    }, FRAME_EVERY_MS);
    model.readyEvent.addEventListener(() => {
      clearInterval(frames);
      this.scene.requestRender();
    });
    model.errorEvent.addEventListener((error: unknown) => {
      clearInterval(frames);
      this.takeAway(file, drawn, model, error);
    });
  }

  /** A model that fails while it is drawn would fail every frame, and the whole scene with it. */
  private takeAway({ id }: OwnShown, drawn: Drawn, model: Model, error: unknown): void {
    model.show = false;
    // The scene is in the middle of a frame.
    setTimeout(() => {
      if (this.scene.isDestroyed() || drawn.gone) return;
      drawn.models.splice(drawn.models.indexOf(model), 1);
      this.scene.primitives.remove(model);
      this.failed(id, error);
    });
  }

  /** Null while the visitor has not said where it stands. */
  private placeOf({ layer, placing }: OwnShown): Matrix4 | null {
    if (layer.model?.form === "glb" && layer.model.placing.by === "file") return Matrix4.IDENTITY;
    if (placing === null) return null;
    const at = Cartesian3.fromDegrees(placing.lon, placing.lat, placing.napM + this.city.geoidM);
    const heading = (placing.headingDeg * Math.PI) / 180;
    return Transforms.headingPitchRollToFixedFrame(at, new HeadingPitchRoll(heading, 0, 0));
  }

  private mesh(model: MeshModel, file: OwnShown): Primitive {
    const { lon, lat, heightM } = model.origin;
    const height = heightM + (model.heightsAbove === "nap" ? this.city.geoidM : 0);
    const positions = Float64Array.from(model.positions);
    const attribute = (values: Float64Array | Float32Array | Uint8Array, type: number, size: number) =>
      new GeometryAttribute({
        componentDatatype: type,
        componentsPerAttribute: size,
        normalize: values instanceof Uint8Array,
        values: values as unknown as Float64Array,
      });
    const attributes = new GeometryAttributes();
    attributes.position = attribute(positions, ComponentDatatype.DOUBLE, 3);
    attributes.normal = attribute(Float32Array.from(model.normals), ComponentDatatype.FLOAT, 3);
    attributes.color = attribute(coloursOf(model, file), ComponentDatatype.UNSIGNED_BYTE, 4);
    const geometry = new Geometry({
      attributes,
      primitiveType: PrimitiveType.TRIANGLES,
      boundingSphere: BoundingSphere.fromVertices(positions as unknown as number[]),
    });
    return new Primitive({
      geometryInstances: new GeometryInstance({ geometry }),
      modelMatrix: Transforms.eastNorthUpToFixedFrame(Cartesian3.fromDegrees(lon, lat, height)),
      appearance: new PerInstanceColorAppearance({ translucent: false, closed: false }),
      asynchronous: false,
      allowPicking: false,
    });
  }
}

/** Red, green, blue and opacity of each corner of each triangle. */
function coloursOf(model: MeshModel, file: OwnShown): Uint8Array {
  const found = new Uint8Array(model.kinds.length * 12);
  const [own, chosen] = [file.colour, SELECTED].map((text) => Color.fromCssColorString(text).toBytes());
  model.kinds.forEach((kind, triangle) => {
    const base = (model.objectOf[triangle] === file.chosen ? chosen : own) ?? [0, 0, 0, 255];
    const shade = SHADE[SURFACE_KINDS[kind] ?? "other"];
    for (let corner = 0; corner < 3; corner += 1) {
      const at = triangle * 12 + corner * 4;
      for (let part = 0; part < 3; part += 1) found[at + part] = Math.round((base[part] ?? 0) * shade);
      found[at + 3] = 255;
    }
  });
  return found;
}

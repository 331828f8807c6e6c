/** Shapes laid on the ground that have no tiles of their own: boundaries, and what is chosen. */

import {
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  GeometryInstance,
  Material,
  PerInstanceColorAppearance,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineCollection,
  Primitive,
  type Scene,
} from "@cesium/engine";
import type { Geometry, Position } from "../../api/shapes";
import { edgesOnce } from "../../drawing/edges";

export interface ShapeLook {
  readonly line: string;
  readonly width: number;
  readonly dashed?: boolean;
  /** Opacity of the fill; 0 is none. */
  readonly fill: number;
}

/** Above the ground, or the ground would eat the line. */
const LIFT_M = 0.6;
/** Of a degree: a decimetre, in which neighbours may differ on their border. */
const DECIMALS = 6;

export class GroundShapes {
  private readonly lines: PolylineCollection;
  private fill: Primitive | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly groundM: number,
  ) {
    this.lines = scene.primitives.add(new PolylineCollection()) as PolylineCollection;
  }

  set(shapes: readonly Geometry[], look: ShapeLook): void {
    this.lines.removeAll();
    if (this.fill !== null) this.scene.primitives.remove(this.fill);
    this.fill = null;
    const rings = shapes.flatMap(linesOf);
    for (const ring of look.dashed === true ? edgesOnce(rings, DECIMALS) : rings) {
      if (ring.length < 2) continue;
      this.lines.add({ positions: this.lift(ring, LIFT_M), width: look.width, material: stroke(look) });
    }
    if (look.fill > 0) this.fillWith(shapes, look);
    this.scene.requestRender();
  }

  set show(show: boolean) {
    this.lines.show = show;
    if (this.fill !== null) this.fill.show = show;
  }

  private fillWith(shapes: readonly Geometry[], look: ShapeLook): void {
    const color = ColorGeometryInstanceAttribute.fromColor(
      Color.fromCssColorString(look.line).withAlpha(look.fill),
    );
    const instances = shapes.flatMap(polygonsOf).map(
      (rings) =>
        new GeometryInstance({
          geometry: new PolygonGeometry({
            polygonHierarchy: new PolygonHierarchy(
              this.lift(rings[0] ?? [], LIFT_M / 2),
              rings.slice(1).map((hole) => new PolygonHierarchy(this.lift(hole, LIFT_M / 2))),
            ),
            perPositionHeight: true,
            vertexFormat: PerInstanceColorAppearance.FLAT_VERTEX_FORMAT,
          }),
          attributes: { color },
        }),
    );
    if (instances.length === 0) return;
    this.fill = this.scene.primitives.add(
      new Primitive({
        geometryInstances: instances,
        appearance: new PerInstanceColorAppearance({ flat: true, translucent: true }),
        // Without this the engine starts web workers for a single polygon.
        asynchronous: false,
        allowPicking: false,
      }),
    ) as Primitive;
  }

  private lift(ring: readonly Position[], lift: number): Cartesian3[] {
    return ring.map(([lon, lat]) => Cartesian3.fromDegrees(lon ?? 0, lat ?? 0, this.groundM + lift));
  }
}

function stroke(look: ShapeLook): Material {
  const color = Color.fromCssColorString(look.line);
  return look.dashed === true
    ? Material.fromType("PolylineDash", { color, dashLength: 16, dashPattern: 0b1111111100000000 })
    : Material.fromType("Color", { color });
}

function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    case "Point":
      return [around(geometry.coordinates)];
    case "MultiPoint":
      return geometry.coordinates.map(around);
  }
}

function polygonsOf(geometry: Geometry): readonly (readonly (readonly Position[])[])[] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

/** A ring of four metres around a point. */
function around([lon, lat]: Position): readonly Position[] {
  const north = 4 / 111_319;
  const east = north / Math.cos(((lat ?? 0) * Math.PI) / 180);
  return Array.from({ length: 25 }, (_, n) => {
    const angle = (n / 24) * 2 * Math.PI;
    return [(lon ?? 0) + Math.cos(angle) * east, (lat ?? 0) + Math.sin(angle) * north];
  });
}

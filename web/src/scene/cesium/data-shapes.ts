/** Data that has no tiles of its own: points, lines and coloured areas, laid over the ground of the city. */

import {
  BlendingState,
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  GeometryInstance,
  Material,
  PerInstanceColorAppearance,
  PointPrimitiveCollection,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineCollection,
  Primitive,
  type Scene,
} from "@cesium/engine";
import type { Feature, Geometry, Position } from "../../api/shapes";

/** A layer with the colour of each of its features; areas are filled when `filled`. */
export interface DataLayer {
  readonly features: readonly Feature[];
  readonly filled: boolean;
  /** From 0.1 to 1. */
  readonly opacity: number;
  colourOf(feature: Feature): string;
}

const POINT_PIXELS = 9;
const LINE_PIXELS = 3;
const FILL_OPACITY = 0.5;
/** Above the ground, or the ground would eat it: streets between buildings differ by a metre or two. */
const FILL_LIFT_M = 2;
const LINE_LIFT_M = 2.2;

export class DataShapes {
  private readonly points: PointPrimitiveCollection;
  private readonly lines: PolylineCollection;
  private fill: Primitive | null = null;

  /** `uneven`: the ground was measured, so a flat sheet over it would sink into it here and there. */
  constructor(
    private readonly scene: Scene,
    private readonly groundM: number,
    private readonly uneven: boolean,
  ) {
    this.lines = scene.primitives.add(new PolylineCollection()) as PolylineCollection;
    this.points = scene.primitives.add(new PointPrimitiveCollection()) as PointPrimitiveCollection;
  }

  set(layers: readonly DataLayer[]): void {
    this.points.removeAll();
    this.lines.removeAll();
    if (this.fill !== null) this.scene.primitives.remove(this.fill);
    this.fill = null;
    const areas: GeometryInstance[] = [];
    for (const layer of layers) {
      for (const feature of layer.features) {
        if (feature.geometry === null) continue;
        const color = Color.fromCssColorString(layer.colourOf(feature)).withAlpha(layer.opacity);
        for (const place of pointsOf(feature.geometry)) this.addPoint(place, color);
        for (const line of linesOf(feature.geometry)) this.addLine(line, color);
        if (layer.filled) areas.push(...polygonsOf(feature.geometry).map((rings) => this.area(rings, color)));
      }
    }
    if (areas.length > 0) this.fill = this.scene.primitives.add(this.sheet(areas)) as Primitive;
    this.scene.requestRender();
  }

  private addPoint(place: Position, color: Color): void {
    this.points.add({
      position: this.lift([place], LINE_LIFT_M)[0] ?? Cartesian3.ZERO,
      pixelSize: POINT_PIXELS,
      color,
      outlineColor: Color.WHITE,
      outlineWidth: 2,
      // A stop behind a house is still a stop: what is asked for is seen.
      disableDepthTestDistance: Number.POSITIVE_INFINITY,
    });
  }

  private addLine(line: readonly Position[], color: Color): void {
    if (line.length < 2) return;
    const material = Material.fromType("Color", { color });
    this.lines.add({ positions: this.lift(line, LINE_LIFT_M), width: LINE_PIXELS, material });
  }

  private area(rings: readonly (readonly Position[])[], color: Color): GeometryInstance {
    return new GeometryInstance({
      geometry: new PolygonGeometry({
        polygonHierarchy: new PolygonHierarchy(
          this.lift(rings[0] ?? [], FILL_LIFT_M),
          rings.slice(1).map((hole) => new PolygonHierarchy(this.lift(hole, FILL_LIFT_M))),
        ),
        perPositionHeight: true,
        vertexFormat: PerInstanceColorAppearance.FLAT_VERTEX_FORMAT,
      }),
      attributes: {
        color: ColorGeometryInstanceAttribute.fromColor(color.withAlpha(FILL_OPACITY * color.alpha)),
      },
    });
  }

  private sheet(geometryInstances: GeometryInstance[]): Primitive {
    return new Primitive({
      geometryInstances,
      appearance: new PerInstanceColorAppearance({
        flat: true,
        translucent: true,
        renderState: {
          depthTest: { enabled: !this.uneven },
          depthMask: false,
          blending: BlendingState.ALPHA_BLEND,
        },
      }),
      // Without this the engine starts web workers for a single polygon.
      asynchronous: false,
      allowPicking: false,
    });
  }

  private lift(line: readonly Position[], lift: number): Cartesian3[] {
    return line.map(([lon, lat]) => Cartesian3.fromDegrees(lon ?? 0, lat ?? 0, this.groundM + lift));
  }
}

function pointsOf(geometry: Geometry): readonly Position[] {
  if (geometry.type === "Point") return [geometry.coordinates];
  return geometry.type === "MultiPoint" ? geometry.coordinates : [];
}

function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  if (geometry.type === "LineString") return [geometry.coordinates];
  return geometry.type === "MultiLineString" ? geometry.coordinates : [];
}

function polygonsOf(geometry: Geometry): readonly (readonly (readonly Position[])[])[] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

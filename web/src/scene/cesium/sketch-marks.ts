/** What a visitor draws, in the scene: seen through buildings, for it is what one looks at. */

import {
  ArcType,
  BlendingState,
  Cartesian2,
  Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  DistanceDisplayCondition,
  GeometryInstance,
  HorizontalOrigin,
  LabelCollection,
  Material,
  PerInstanceColorAppearance,
  PointPrimitiveCollection,
  PolygonGeometry,
  PolygonHierarchy,
  PolylineGeometry,
  PolylineMaterialAppearance,
  Primitive,
  type Scene,
  VerticalOrigin,
} from "@cesium/engine";
import type { SceneManifest } from "../../api/shapes";
import { SKETCH } from "../../drawing/palette";
import { marksOf, type SketchLabel } from "../../drawing/sketch-marks";
import type { Sketch, SketchPoint } from "../../state/screen";

/** Above the ground, where no height is known. */
const LIFT_M = 0.5;
/** Further away than this many times its length, a line is shorter than the words at it. */
const LABEL_UP_TO = 40;
const SEEN_THROUGH = { depthTest: { enabled: false }, depthMask: false, blending: BlendingState.ALPHA_BLEND };

export class SceneSketch {
  private readonly labels: LabelCollection;
  private readonly points: PointPrimitiveCollection;
  private drawn: Primitive[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly city: Pick<SceneManifest, "groundNapM" | "geoidM">,
  ) {
    this.points = scene.primitives.add(new PointPrimitiveCollection()) as PointPrimitiveCollection;
    this.labels = scene.primitives.add(new LabelCollection({ scene })) as LabelCollection;
  }

  set(sketch: Sketch | null): void {
    for (const one of this.drawn) this.scene.primitives.remove(one);
    this.drawn = [];
    this.points.removeAll();
    this.labels.removeAll();
    const marks = marksOf(sketch, document.documentElement.lang);
    if (marks.fill.length > 0) this.add(this.sheet(marks.fill));
    for (const line of marks.lines) {
      this.add(this.line(line, 7, Material.fromType("Color", { color: of(SKETCH.casing) })));
      this.add(this.line(line, 3, dashes()));
    }
    const last = marks.points.at(-1);
    for (const point of marks.points) this.point(point, point === last);
    for (const label of marks.labels) this.label(label);
    // All of it is drawn in the order of the list, over the city: points and words last.
    this.scene.primitives.raiseToTop(this.points);
    this.scene.primitives.raiseToTop(this.labels);
    this.scene.requestRender();
  }

  private add(primitive: Primitive): void {
    this.drawn.push(this.scene.primitives.add(primitive) as Primitive);
  }

  private line(line: readonly SketchPoint[], width: number, material: Material): Primitive {
    return new Primitive({
      geometryInstances: new GeometryInstance({
        geometry: new PolylineGeometry({
          positions: line.map((point) => this.at(point)),
          width,
          arcType: ArcType.NONE,
          vertexFormat: PolylineMaterialAppearance.VERTEX_FORMAT,
        }),
      }),
      appearance: new PolylineMaterialAppearance({ material, translucent: false, renderState: SEEN_THROUGH }),
      asynchronous: false,
      allowPicking: false,
    });
  }

  private sheet(corners: readonly SketchPoint[]): Primitive {
    return new Primitive({
      geometryInstances: new GeometryInstance({
        geometry: new PolygonGeometry({
          polygonHierarchy: new PolygonHierarchy(corners.map((corner) => this.at(corner))),
          perPositionHeight: true,
          vertexFormat: PerInstanceColorAppearance.FLAT_VERTEX_FORMAT,
        }),
        attributes: { color: ColorGeometryInstanceAttribute.fromColor(of(SKETCH.line).withAlpha(0.16)) },
      }),
      appearance: new PerInstanceColorAppearance({
        flat: true,
        translucent: false,
        renderState: SEEN_THROUGH,
      }),
      asynchronous: false,
      allowPicking: false,
    });
  }

  private point(point: SketchPoint, last: boolean): void {
    this.points.add({
      position: this.at(point),
      pixelSize: last ? 11 : 8,
      color: of(SKETCH.casing),
      outlineColor: of(SKETCH.line),
      outlineWidth: 3,
      disableDepthTestDistance: Number.POSITIVE_INFINITY,
    });
  }

  private label(label: SketchLabel): void {
    this.labels.add({
      position: this.at(label),
      text: label.text,
      font: '600 32px "Source Sans 3"',
      scale: 0.45,
      fillColor: of(SKETCH.line),
      showBackground: true,
      backgroundColor: of(SKETCH.casing),
      backgroundPadding: new Cartesian2(10, 6),
      horizontalOrigin: HorizontalOrigin.CENTER,
      verticalOrigin: VerticalOrigin.CENTER,
      disableDepthTestDistance: Number.POSITIVE_INFINITY,
      distanceDisplayCondition: new DistanceDisplayCondition(0, Math.max(60, label.roomM * LABEL_UP_TO)),
    });
  }

  private at({ lon, lat, napM }: SketchPoint): Cartesian3 {
    const nap = napM ?? this.city.groundNapM + LIFT_M;
    return Cartesian3.fromDegrees(lon, lat, nap + this.city.geoidM);
  }
}

function of(colour: string): Color {
  return Color.fromCssColorString(colour);
}

function dashes(): Material {
  const uniforms = {
    color: of(SKETCH.line),
    gapColor: Color.TRANSPARENT,
    dashLength: 15,
    dashPattern: 0b1111111111000000,
  };
  // Not translucent, though its gaps are open: they are left out, and words then come out on top.
  return new Material({ fabric: { type: "PolylineDash", uniforms }, translucent: false });
}

/** Many lines in few draw calls. Another colour is written into what is there; only other lines are made anew. */

import {
  ArcType,
  BlendingState,
  type Cartesian3,
  Color,
  ColorGeometryInstanceAttribute,
  GeometryInstance,
  PolylineColorAppearance,
  PolylineGeometry,
  Primitive,
  type Scene,
} from "@cesium/engine";

export interface PaintedLine {
  readonly key: string;
  readonly points: readonly Cartesian3[];
  readonly colour: string;
  readonly width: number;
}

const SEEN_THROUGH = { depthTest: { enabled: false }, depthMask: false, blending: BlendingState.ALPHA_BLEND };

export class LiveLines {
  private primitive: Primitive | null = null;
  private drawn: readonly PaintedLine[] = [];

  /** `through`: also where something stands before them. */
  constructor(
    private readonly scene: Scene,
    private readonly through: boolean,
  ) {}

  set(lines: readonly PaintedLine[]): void {
    const before = this.drawn;
    this.drawn = lines;
    if (this.sameLines(before, lines)) this.recolour(before, lines);
    else this.make(lines);
  }

  private sameLines(before: readonly PaintedLine[], lines: readonly PaintedLine[]): boolean {
    const ready = lines.length === 0 || this.primitive?.ready === true;
    return (
      ready &&
      before.length === lines.length &&
      lines.every((line, n) => {
        const other = before[n];
        return other?.key === line.key && other.points.every((point, at) => point === line.points[at]);
      })
    );
  }

  private recolour(before: readonly PaintedLine[], lines: readonly PaintedLine[]): void {
    lines.forEach((line, n) => {
      if (before[n]?.colour === line.colour) return;
      const attributes = this.primitive?.getGeometryInstanceAttributes(line.key) as
        | { color: Uint8Array }
        | undefined;
      if (attributes !== undefined)
        attributes.color = ColorGeometryInstanceAttribute.toValue(of(line.colour), attributes.color);
    });
  }

  private make(lines: readonly PaintedLine[]): void {
    if (this.primitive !== null) this.scene.primitives.remove(this.primitive);
    this.primitive = null;
    if (lines.length === 0) return;
    this.primitive = this.scene.primitives.add(
      new Primitive({
        geometryInstances: lines.map(instance),
        appearance: new PolylineColorAppearance({
          translucent: false,
          ...(this.through ? { renderState: SEEN_THROUGH } : {}),
        }),
        // Without this the engine starts web workers.
        asynchronous: false,
        allowPicking: false,
      }),
    ) as Primitive;
  }
}

function instance({ key, points, colour, width }: PaintedLine): GeometryInstance {
  return new GeometryInstance({
    id: key,
    geometry: new PolylineGeometry({
      positions: [...points],
      width,
      arcType: ArcType.NONE,
      vertexFormat: PolylineColorAppearance.VERTEX_FORMAT,
    }),
    attributes: { color: ColorGeometryInstanceAttribute.fromColor(of(colour)) },
  });
}

const colours = new Map<string, Color>();

function of(css: string): Color {
  const known = colours.get(css) ?? Color.fromCssColorString(css);
  colours.set(css, known);
  return known;
}

/** What the server answers, as the screen uses it. Field names are the API's own. */

export type Language = "nl" | "en";

export interface Text {
  readonly nl: string;
  readonly en?: string;
}

export interface StyleClass {
  readonly colour: string;
  readonly label: Text;
  /** From `lower` (included) to `upper` (excluded), or one `value`. */
  readonly lower?: number | null;
  readonly upper?: number | null;
  readonly value?: string | null;
}

export type StyleRole = "building" | "water" | "street" | "path" | "park" | "area" | "boundary" | "plain";

export interface Column {
  readonly name: string;
  readonly title: Text;
  readonly type: string;
  /** Whether the map can be coloured by it. */
  readonly colourable?: boolean;
  /** What the values mean in words. */
  readonly codes?: Readonly<Record<string, Text>>;
  readonly unit?: string;
  readonly missing?: readonly (string | number | boolean)[];
  readonly term?: string;
}

/** What the values of a column are: how many, between what, and by which classes one colours them. */
export interface ColumnSummary {
  readonly layer: string;
  readonly name: string;
  readonly kind: "number" | "category" | "text";
  readonly count: number;
  /** Of how many objects the value is not known. */
  readonly missing: number;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly distinct: number;
  readonly classes: readonly StyleClass[];
  readonly histogram: readonly { readonly lower: number; readonly upper: number; readonly count: number }[];
  readonly values: readonly { readonly value: string; readonly label: Text; readonly count: number }[];
}

/** Both years are included; "" is always. */
export interface LayerTime {
  readonly from: string;
  readonly until: string;
  /** What the layer holds is still to come. */
  readonly planned: boolean;
}

export interface Layer {
  readonly id: string;
  readonly title: Text;
  /** What one object and many are called in a sentence. */
  readonly noun: { readonly one: Text; readonly many: Text };
  /** As what its names can be searched for; empty when they cannot. */
  readonly placeKind: string;
  /** The questions of the first screen on which it bears. */
  readonly questions?: readonly string[];
  readonly theme: Text;
  readonly kind: string;
  readonly source: string;
  readonly licence: string;
  readonly licenceClass: "A" | "B";
  readonly date: string;
  /** Who keeps it right. */
  readonly steward?: string;
  readonly description?: Text;
  readonly missing?: Text;
  readonly invented?: boolean;
  readonly count: number;
  readonly bbox?: readonly [number, number, number, number] | null;
  readonly columns: readonly Column[];
  /** Which columns say in which years its objects are there; null when none does. */
  readonly time?: LayerTime | null;
  readonly style: {
    readonly role: StyleRole;
    readonly visible?: boolean;
    readonly labelColumn?: string;
    readonly classes?: Readonly<Record<string, readonly StyleClass[]>>;
  };
}

/** A map from elsewhere; only those that the administrator switched on are told. */
export interface BaseMap {
  readonly id: string;
  readonly title: Text;
  /** With `{z}`, `{x}` and `{y}`. */
  readonly url: string;
  readonly attribution: string;
  readonly licence: string;
}

export interface Twin {
  readonly id: string;
  readonly title: Text;
  readonly centre: { readonly lon: number; readonly lat: number };
  readonly invented: boolean;
  readonly notice: Text;
  /** The websites that may show the map in a frame. */
  readonly embedOrigins?: readonly string[];
  readonly bases?: readonly BaseMap[];
}

export interface Place {
  readonly label: string;
  readonly kind: string;
  readonly layer: string;
  readonly id: string;
  readonly ref?: string | null;
  readonly lon: number;
  readonly lat: number;
}

/** `hint` is what the search did other than asked. */
export interface Places {
  readonly places: readonly Place[];
  readonly hint?: Text | null;
}

export interface PickedObject {
  readonly layer: string;
  readonly id: string;
  readonly ref?: string | null;
  readonly title: string;
  readonly distanceM: number;
}

export type Position = readonly number[];

export type Geometry =
  | { readonly type: "Point"; readonly coordinates: Position }
  | { readonly type: "MultiPoint" | "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "MultiLineString" | "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

export interface Feature {
  readonly id: string;
  readonly layer: string;
  readonly ref?: string | null;
  readonly title: string;
  readonly geometry: Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** `layer` is the measured terrain; null when there is none. */
export interface Heights {
  readonly layer: string | null;
  readonly heights: readonly { readonly napM: number | null }[];
}

export interface FeaturePage {
  /** How many there are in all, where the server has counted them. */
  readonly numberMatched?: number;
  readonly features: readonly Feature[];
  readonly links?: readonly { readonly rel: string; readonly href: string }[];
}

export type TilesetRole =
  | "buildings"
  | "creases"
  | "land"
  | "street"
  | "path"
  | "park"
  | "water"
  | "quay"
  | "trees"
  | "tubes";

export type FlatRole =
  | "buildings"
  | "land"
  | "street"
  | "path"
  | "park"
  | "water"
  | "area"
  | "boundary"
  | "line"
  | "tube"
  | "point"
  | "tree"
  | "plain";

export interface TilesetEntry {
  readonly id: string;
  readonly role: TilesetRole;
  readonly layer: string | null;
  readonly url: string;
}

export interface FlatSource {
  readonly name: string;
  readonly role: FlatRole;
  readonly layer: string | null;
}

export interface FlatMap {
  readonly id: string;
  readonly url: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly bounds: readonly [number, number, number, number];
  readonly sources: readonly FlatSource[];
}

export interface MapLabel {
  readonly text: string;
  readonly kind: "water" | "street" | "area";
  readonly layer: string | null;
  readonly lon: number;
  readonly lat: number;
  /** Above the ellipsoid. */
  readonly heightM: number;
  /** 1 is the most important. */
  readonly rank: number;
  /** Anticlockwise from east. */
  readonly angleDeg: number;
}

export interface SceneManifest {
  readonly version: number;
  readonly origin: { readonly lon: number; readonly lat: number; readonly heightM: number };
  readonly groundNapM: number;
  readonly waterNapM: number;
  /** The height of NAP zero above the ellipsoid. */
  readonly geoidM: number;
  readonly background: string;
  readonly tilesets: readonly TilesetEntry[];
  readonly flat: readonly FlatMap[];
  /** Where the ground was measured, when it was. */
  readonly terrain?: { readonly layer: string; readonly url: string };
  readonly labels: readonly MapLabel[];
  readonly view: {
    readonly lon: number;
    readonly lat: number;
    readonly heightM: number;
    readonly headingDeg: number;
    readonly pitchDeg: number;
    readonly distanceM: number;
  };
}

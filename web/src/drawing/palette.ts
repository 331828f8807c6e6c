/** The colours of the city in sRGB; the same values as in styles/tokens.css, for canvas and 3D. */

export const CITY = {
  wall: "#f1ece4",
  roof: "#d3c9bb",
  land: "#e9e5db",
  street: "#faf8f3",
  path: "#f3f0e8",
  park: "#c9d6b0",
  water: "#a9c3cb",
  quay: "#a49b8c",
  edge: "#94897b",
  tree: "#a3b886",
  crown: "#8ba06f",
  background: "#eeeae1",
  boundary: "#5f584d",
  area: "#5f584d",
  line: "#0b5a70",
  plan: "#94520f",
} as const;

/** The base map with strong lines, for low vision and for print. */
export const CONTRAST = {
  wall: "#ffffff",
  roof: "#d8d0c2",
  land: "#ffffff",
  street: "#ece8df",
  streetEdge: "#5f584d",
  path: "#f4f1ea",
  pathEdge: "#857c6e",
  park: "#bcd29b",
  parkEdge: "#3d6212",
  water: "#8dbccd",
  waterEdge: "#08424f",
  edge: "#26231e",
  boundary: "#26231e",
} as const;

/** Pipes and tunnels by what they carry; the same as in tweestad/tiles/colour.py. */
export const TUBES: Readonly<Record<string, string>> = {
  vuilwater: "#8a6a4f",
  gemengd: "#a07a68",
  hemelwater: "#5f8fb5",
  water: "#7fb0cf",
  gas: "#d3b64c",
  warmte: "#b9705f",
  elektra: "#a65e54",
  data: "#7f9a63",
  metro: "#c58a5c",
  overig: "#8f8a80",
};

/** The chosen object on paper, and in the lit scene. Nothing else has this colour. */
export const SELECTED = "#c0265f";
export const SELECTED_IN_SCENE = "#c8326b";

/** What a visitor draws, and its edge: readable on roofs, water and grass. */
export const SKETCH = { line: "#4a2f8f", casing: "#ffffff" } as const;

/** What a visitor's own files are drawn in. The name is a key of the catalogue: `own.colour.…`. */
export const OWN_COLOURS = [
  { name: "blue", hex: "#1f5fa8" },
  { name: "orange", hex: "#b4560a" },
  { name: "green", hex: "#2c7440" },
  { name: "brown", hex: "#6d4326" },
  { name: "black", hex: "#26231e" },
] as const;

export interface LabelInk {
  readonly ink: string;
  readonly halo: string;
  readonly water: string;
  readonly waterHalo: string;
}

export const LABEL: LabelInk = {
  ink: "#3d3a35",
  halo: "#f7f4ee",
  water: "#3f6573",
  waterHalo: "#c9dadf",
};

export const LABEL_CONTRAST: LabelInk = {
  ink: "#000000",
  halo: "#ffffff",
  water: "#08424f",
  waterHalo: "#ffffff",
};

/** Live measurements: around their symbols, and what has no recent value. */
export const LIVE = {
  ring: "#ffffff",
  hairline: "#5f584d",
  ink: "#26231e",
  stale: "#efebe4",
  staleInk: "#5f584d",
  staleLine: "#857c6e",
  suspect: "#8a4b00",
  warning: "#a3201d",
  place: "#0b5a70",
} as const;

/** Amounts from light to dark; safe for every common colour vision. */
export const AMOUNTS = ["#f6e27a", "#d9c97f", "#b1aa90", "#8d909a", "#66759c", "#41568c"] as const;
/** Below a norm, and above it. */
export const BELOW_NORM = ["#3f88a6", "#9cc5d3"] as const;
export const ABOVE_NORM = ["#e3b878", "#a8651c"] as const;

/** Dutch RD to WGS 84 in the browser, to a quarter of a metre. */

const X0 = 155_000;
const Y0 = 463_000;
/**
 * Amersfoort by RDNAPTRANS2018. The paper has 5.38720621 and 52.15517440, of an older realisation: 0.24 m
 * off everywhere.
 */
const LON0 = 5.38720365;
const LAT0 = 52.15517289;

/** Powers of x and of y in units of 100 km from Amersfoort, and the seconds of arc that they count for. */
const LAT_TERMS: readonly (readonly [number, number, number])[] = [
  [0, 1, 3235.65389],
  [2, 0, -32.58297],
  [0, 2, -0.2475],
  [2, 1, -0.84978],
  [0, 3, -0.0655],
  [2, 2, -0.01709],
  [1, 0, -0.00738],
  [4, 0, 0.0053],
  [2, 3, -0.00039],
  [4, 1, 0.00033],
  [1, 1, -0.00012],
];
const LON_TERMS: readonly (readonly [number, number, number])[] = [
  [1, 0, 5260.52916],
  [1, 1, 105.94684],
  [1, 2, 2.45656],
  [3, 0, -0.81885],
  [1, 3, 0.05594],
  [3, 1, -0.05607],
  [0, 1, 0.01199],
  [3, 2, -0.00256],
  [1, 4, 0.00128],
  [0, 2, 0.00022],
  [2, 0, -0.00022],
  [5, 0, 0.00026],
];

/**
 * Turn RD (EPSG:28992, metres) into longitude and latitude in degrees.
 *
 * The polynomial of F.H. Schreutelkamp and G.L. Strang van Hees, "Benaderingsformules voor de
 * transformatie tussen RD- en WGS84-kaartcoördinaten", Geodesia 2001. On a grid of 5 km over the whole
 * country it is 0.08 m (median) and at most 0.27 m off tweestad/crs.py, which has the official grids.
 */
export function lonLatOfRd(x: number, y: number): [number, number] {
  const east = (x - X0) / 100_000;
  const north = (y - Y0) / 100_000;
  return [LON0 + sum(LON_TERMS, east, north) / 3600, LAT0 + sum(LAT_TERMS, east, north) / 3600];
}

function sum(terms: readonly (readonly [number, number, number])[], x: number, y: number): number {
  let total = 0;
  for (const [p, q, seconds] of terms) total += seconds * x ** p * y ** q;
  return total;
}

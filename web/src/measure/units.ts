/** Measures as a person reads them: as many digits as the measuring deserves. */

const NARROW = "\u00a0";

function written(value: number, language: string, decimals: number): string {
  return new Intl.NumberFormat(language === "en" ? "en-GB" : "nl-NL", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}

/** "12,4 m", "1.240 m", "12,4 km". */
export function lengthText(metres: number, language: string): string {
  if (metres >= 10_000) return `${written(metres / 1000, language, 1)}${NARROW}km`;
  return `${written(metres, language, metres < 100 ? 1 : 0)}${NARROW}m`;
}

/** "85 m²", "1,24 ha", "3,1 km²". */
export function areaText(squareMetres: number, language: string): string {
  if (squareMetres < 10_000) return `${written(squareMetres, language, 0)}${NARROW}m²`;
  if (squareMetres < 1e6) return `${written(squareMetres / 10_000, language, 2)}${NARROW}ha`;
  return `${written(squareMetres / 1e6, language, 2)}${NARROW}km²`;
}

/** "3,2 m", with a minus sign that a reader hears. */
export function heightText(metres: number, language: string): string {
  const rounded = Number(metres.toFixed(1));
  return `${rounded < 0 ? "−" : ""}${written(Math.abs(rounded), language, 1)}${NARROW}m`;
}

/** "−0,4 m NAP", "+3,2 m NAP". */
export function napText(metres: number, language: string): string {
  const rounded = Number(metres.toFixed(1));
  return `${rounded > 0 ? "+" : ""}${heightText(rounded, language)}${NARROW}NAP`;
}

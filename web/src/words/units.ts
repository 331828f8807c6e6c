/** Units as people write them; the same words as on the server's pages. */

import type { Language } from "../api/shapes";

/** UCUM codes that do not read well as they are. */
const UNITS: Readonly<Record<string, string>> = {
  "1": "",
  m2: "m²",
  m3: "m³",
  km2: "km²",
  har: "ha",
  "ug/m3": "µg/m³",
  Cel: "°C",
  deg: "°",
  "kW.h": "kWh",
  "kW.h/m2": "kWh/m²",
};

export function unitWords(unit: string | undefined, language: Language): string {
  if (unit === undefined) return "";
  if (unit === "a") return language === "en" ? "years" : "jaar";
  return Object.hasOwn(UNITS, unit) ? (UNITS[unit] ?? "") : unit;
}

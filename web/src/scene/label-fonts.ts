/** Fonts that only the map uses: the page itself never asks for them, so nothing else would load them. */

const FACES = ["400 16px", "italic 400 16px", "600 16px"] as const;

/** Wait for the faces of names on the map, or the first names come in a system font. */
export async function loadLabelFonts(): Promise<void> {
  try {
    await Promise.all(FACES.map((face) => document.fonts.load(`${face} "Source Sans 3"`)));
  } catch {
    // The names are then drawn in the system font.
  }
}

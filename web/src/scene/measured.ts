/** Our own work, by name in the browser's measurements: no piece of it may hold up the page for long. */

/** What takes less than this nobody feels; a measure of each would only fill memory. */
const WORTH_MS = 1;

export function measured<T>(name: string, work: () => T): T {
  const start = performance.now();
  try {
    return work();
  } finally {
    const end = performance.now();
    if (end - start >= WORTH_MS) performance.measure(`tweestad:${name}`, { start, end });
  }
}

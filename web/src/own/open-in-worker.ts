/** The screen's door to a reader's own file. Load it when it is asked for: `await import("../own/open-in-worker")`. */

import type { Feature } from "../api/shapes";
import type { Answer, Question } from "./answers";
import { LIMITS } from "./limits";
import { OwnError } from "./own-error";
import type { OwnLayer, OwnOptions } from "./own-layer";

export type { OwnLayer } from "./own-layer";
export { leftInWords, noteInWords, refusalInWords } from "./own-words";
export { OwnError };

/** As much of a Worker as is used; a test gives its own. */
export interface WorkerLike {
  onmessage: ((event: { data: Answer }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  onmessageerror: ((event: unknown) => void) | null;
  postMessage(question: Question): void;
  terminate(): void;
}

function startWorker(): WorkerLike {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return worker as unknown as WorkerLike;
}

/**
 * Opens a file beside the page, in a worker of its own that ends with it. `signal` cancels at once.
 * Raises OwnError: what `openOwn` raises, `cancelled`, `too-slow`, or `stopped` when the worker broke off.
 */
export function openOwnFile(
  file: File,
  options: OwnOptions = {},
  signal?: AbortSignal,
  start: () => WorkerLike = startWorker,
): Promise<OwnLayer> {
  if (signal?.aborted) return Promise.reject(new OwnError("cancelled"));
  const worker = start();
  const features: Feature[] = [];
  return new Promise<OwnLayer>((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      worker.terminate();
    };
    const refuse = (error: OwnError) => {
      end();
      reject(error);
    };
    const cancel = () => refuse(new OwnError("cancelled"));
    const timer = setTimeout(() => refuse(new OwnError("too-slow")), LIMITS.seconds * 1000);
    signal?.addEventListener("abort", cancel);
    worker.onmessage = ({ data }) => {
      if ("refused" in data) return refuse(new OwnError(data.refused.reason, data.refused.facts));
      if ("features" in data) {
        for (const feature of data.features) features.push(feature);
        return;
      }
      end();
      resolve({ ...data.layer, features });
    };
    worker.onerror = () => refuse(new OwnError("stopped"));
    worker.onmessageerror = () => refuse(new OwnError("stopped"));
    worker.postMessage({ file, options });
  });
}

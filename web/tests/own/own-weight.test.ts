import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

test("what reads a reader's own file weighs at most 30 kB", async () => {
  const source = join(import.meta.dirname, "../../src/own");
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "es2022",
      rollupOptions: { input: join(source, "worker.ts") },
    },
  });
  const chunks = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  const code = chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  expect(code.length).toBeGreaterThan(20_000);
  expect(gzipSync(code).length).toBeLessThan(30_000);
});

import { cpSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const out = resolve(import.meta.dirname, "../tweestad/api/static");
const engine = resolve(import.meta.dirname, "node_modules/@cesium/engine");

/** What the 3D engine fetches by name at run time: nothing else of its 5 MB of assets is asked for. */
const ENGINE_FILES = ["Source/Assets/IAU2006_XYS/IAU2006_XYS_18.json"];

/**
 * The engine's credit display writes a <style> element, which the content security policy forbids and
 * which nobody sees: the credits are drawn by the page itself.
 */
function withoutEngineCredits(): Plugin {
  const call = "  appendCss(container);\n";
  return {
    name: "tweestad-without-engine-credits",
    transform(code, id) {
      if (!id.endsWith("/Scene/CreditDisplay.js")) return null;
      if (!code.includes(call)) throw new Error("CreditDisplay.js has changed: look at this plugin again");
      return { code: code.replace(call, ""), map: null };
    },
  };
}

function copyEngineFiles(): Plugin {
  return {
    name: "tweestad-copy-engine-files",
    apply: "build",
    closeBundle() {
      for (const file of ENGINE_FILES) {
        const target = resolve(out, "cesium", file.replace(/^Source\//, "").replace(/^Build\//, ""));
        mkdirSync(resolve(target, ".."), { recursive: true });
        cpSync(resolve(engine, file), target);
      }
    },
  };
}

export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [withoutEngineCredits(), copyEngineFiles()],
  define: { CESIUM_BASE_URL: JSON.stringify("/static/cesium/") },
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 5000,
    rollupOptions: {
      input: ["src/main.ts", "src/styles/pages.css"],
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);

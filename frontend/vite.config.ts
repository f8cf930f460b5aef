import { resolve } from "node:path";
import { defineConfig } from "vite";
import { fonts } from "./build/fonts.ts";
import { icons } from "./build/icons.ts";
import { settle } from "./build/settle.ts";
import { unused } from "./build/unused.ts";

const root = import.meta.dirname;
const repository = resolve(root, "..");

export default defineConfig({
  root,
  base: "/static/build/",
  publicDir: false,
  plugins: [fonts(repository), icons(repository), settle()],
  css: {
    postcss: { plugins: [unused(repository)] },
    preprocessorOptions: { scss: { loadPaths: [resolve(repository, "node_modules")], quietDeps: true } },
  },
  build: {
    outDir: resolve(repository, "linchpin/surfaces/web/static/build"),
    emptyOutDir: false,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: resolve(root, "main.ts"), worker: resolve(root, "worker.ts") },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});

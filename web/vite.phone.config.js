// Builds the village worker's app into the folder Django serves. Chunks import each other by the names Vite gives them,
// which carry the hash of the content; bulou/field reads manifest.json for the entry's name.
import vue from "@vitejs/plugin-vue";
import { createHash } from "node:crypto";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const BASE = "/static/field/built/";

/** The page itself is kept for a day without a signal too; it is as new as the files it loads. */
function withThePage(entries) {
  const all = entries.map((entry) => `${entry.url} ${entry.revision}`).join("\n");
  const revision = createHash("sha256").update(all).digest("hex").slice(0, 16);
  return { manifest: [...entries, { url: "/phone/", revision }], warnings: [] };
}

export default defineConfig({
  base: BASE,
  publicDir: "phone/public",
  plugins: [
    vue(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "phone",
      filename: "sw.ts",
      injectRegister: false, // phone/update.ts registers it, at an address Django serves with the right scope
      manifest: false, // phone/public/phone.webmanifest: the plugin would put its own into the list under a wrong address
      injectManifest: {
        globPatterns: ["**/*.{js,css,wasm,png,webmanifest}"],
        globIgnores: ["sw.js", "manifest.json"],
        dontCacheBustURLsMatching: /assets\//, // their names change with their content
        maximumFileSizeToCacheInBytes: 6_000_000,
        modifyURLPrefix: { "": BASE },
        manifestTransforms: [withThePage],
      },
    }),
  ],
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    outDir: "../bulou/field/static/field/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "chrome89", // top-level await; what WeChat's and the vendors' browsers of 2021 know
    modulePreload: false,
    chunkSizeWarningLimit: 2500, // the forms engine; loaded when the first form is opened
    rollupOptions: {
      input: { phone: "phone/main.ts" },
      checks: { eval: false, pluginTimings: false }, // the eval is in ODK's engine, for nothing our pages allow
    },
  },
});

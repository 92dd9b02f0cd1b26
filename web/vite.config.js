// Builds the office's scripts into the folder Django serves, under fixed names: templates name them as they are, and
// whitenoise adds the hash of the content when it collects them.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "../bulou/office/static/office/built",
    emptyOutDir: true,
    target: "chrome89",
    modulePreload: false,
    chunkSizeWarningLimit: 700, // ECharts, taken in by parts; 184 kB compressed
    rollupOptions: {
      input: { treemap: "office/treemap.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});

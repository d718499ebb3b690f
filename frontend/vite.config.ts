import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const apiServer = process.env.ROSSMANN_API ?? "http://localhost:8000";

/** What one draws with. Forms and dialogs stay with the pages that have some: the first page has none. */
const SHARED_BY_PAGES =
  /frontend\/src\/(charts|features\/common(?!\/(no-model|segment|signed-bars))|components(?!\/(choice|dialog|number-field|tabs|badge|horizon-picker|level-picker|stores-picker|slider-field|csv-button|working)))\b/;

export default defineConfig({
  plugins: [react(), preloadTypeface(), librarySheetFirst()],
  server: {
    port: 5173,
    proxy: { "/api": apiServer, "/docs": apiServer, "/openapi.json": apiServer },
  },
  build: {
    outDir: "dist",
    target: "es2023",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What most pages draw with comes as one file: cut up by which page needs what, it compresses worse.
        codeSplitting: { groups: [{ name: "drawing", test: SHARED_BY_PAGES, minShareCount: 3 }] },
      },
    },
  },
});

/** Asks for the Latin typeface along with the page, so that the first words are not set twice. */
function preloadTypeface(): Plugin {
  return {
    name: "preload-typeface",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => {
        const file = Object.keys(bundle ?? {}).find((name) =>
          /inter-latin-wght-normal-.*\.woff2$/.test(name),
        );
        if (file === undefined) return [];
        const attrs = { rel: "preload", as: "font", type: "font/woff2", href: `/${file}`, crossorigin: "" };
        return [{ tag: "link", attrs, injectTo: "head" as const }];
      },
    },
  };
}

/**
 * Puts the entry's style sheet, which begins with the component library, before those of the files it shares: rules of
 * equal weight are decided by their order, and ours are to win.
 */
function librarySheetFirst(): Plugin {
  return {
    name: "library-sheet-first",
    transformIndexHtml: {
      order: "post",
      handler: (html) => {
        const sheets = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
        const entry = sheets.find((sheet) => /\/index-[\w-]+\.css/.test(sheet));
        const first = sheets[0];
        if (entry === undefined || first === undefined || entry === first) return html;
        return html.replace(entry, "").replace(first, `${entry}\n    ${first}`);
      },
    },
  };
}

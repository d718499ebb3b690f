import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const apiServer = process.env.ROSSMANN_API ?? "http://localhost:8000";

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    proxy: { "/api": apiServer, "/docs": apiServer, "/openapi.json": apiServer },
  },
  build: { outDir: "dist", target: "es2023", chunkSizeWarningLimit: 700 },
});

/**
 * The dashboard with hot reload, as a child of `rossmann up`: tells its parent when it listens, and ends with it however the
 * parent ends, since the channel between them closes then.
 *
 *   fork("dev-server.ts", ["5173"])   →   {"ready": true} or {"refused": "…"}
 */
import { createServer } from "vite";

process.once("disconnect", () => process.exit(0));
// the terminal's Ctrl-C reaches this process too; the parent decides when it is time
process.on("SIGINT", () => {});
try {
  const server = await createServer({
    root: import.meta.dirname,
    logLevel: "error",
    server: { port: Number(process.argv[2]), strictPort: true, host: "127.0.0.1" },
  });
  await server.listen();
  process.send?.({ ready: true });
} catch (error) {
  process.send?.({ refused: error instanceof Error ? error.message : String(error) });
}

/**
 * Loads a folder's files and kills its own process, as hard as can be, some milliseconds after a phase has begun.
 * Arguments: database URL, data source id, folder, phase, milliseconds.
 */
import { createLogger, systemEffects } from "@rossmann/core";
import { openDatabase, resolveDataSource } from "@rossmann/warehouse";
import { ingest } from "../src/index.ts";

const [url = "", sourceId = "", folder = "", phase = "", delayMs = "0"] = process.argv.slice(2);
const die = () => process.kill(process.pid, "SIGKILL");
const db = openDatabase(url);
await ingest(
  db,
  {
    dataSource: await resolveDataSource(db, sourceId),
    train: `${folder}/train.csv`,
    store: `${folder}/store.csv`,
    future: `${folder}/test.csv`,
    onProgress(progress) {
      if (progress.phase !== phase || progress.done) return;
      if (delayMs === "0") die();
      else setTimeout(die, Number(delayMs));
    },
  },
  systemEffects(createLogger("silent")),
);
process.stdout.write("finished");
process.exit();

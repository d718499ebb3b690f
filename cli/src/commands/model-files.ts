/** Models and their training rows as files: what goes out to another trainer, and what comes back. */
import { createWriteStream, existsSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isoDate, messageOf, writeFileAtomically } from "@rossmann/core";
import {
  type ImportOptions,
  importModel,
  type MatrixScheme,
  trainingMatrix,
  treesOfArtifact,
} from "@rossmann/ml";
import { loadModelVersion, type ModelReference, readPanel } from "@rossmann/warehouse";
import type { Command } from "commander";
import { NotReadyError, UsageError } from "../errors.ts";
import { isoDay, modelReference, oneOf, wholeNumber } from "../options.ts";
import type { CliContext } from "../run-cli.ts";
import type { DataSourceOptions } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";

/** A model file of the full profile has about 20 MB; what is much larger is none. */
const LARGEST_FILE_BYTES = 1_000_000_000;

interface ExportFlags extends DataSourceOptions {
  out: string;
  trees?: number;
}

interface ImportFlags extends DataSourceOptions {
  target?: "log_sales" | "usual_day" | "ridge";
  rows?: MatrixScheme;
  trainedTo?: string;
}

interface RowsFlags extends DataSourceOptions {
  out: string;
  rows: MatrixScheme;
  maxStores?: number;
}

/** Adds `export`, `import` and `rows` to `rossmann model`. */
export function addModelFileCommands(
  add: (name: string, description: string) => Command,
  context: CliContext,
): void {
  const scheme = oneOf("stagger", "month_ahead", "far");
  add("export", "write the model file of a version")
    .argument("[model]", "champion, challenger or a version number", modelReference)
    .requiredOption("--out <file>", "where to write it")
    .option("--trees <n>", "only its n-th set of trees, as CatBoost JSON", wholeNumber(1, 99))
    .action((reference: ModelReference | undefined, options: ExportFlags) =>
      exportModel(context, reference, options),
    );
  add("import", "register a model that was trained elsewhere: a model file of ours, or CatBoost JSON")
    .argument("<file>", "the model file")
    .option(
      "--target <what>",
      "what its trees forecast: log_sales, or log sales less usual_day or ridge; default: as the file says, else log_sales",
      oneOf("log_sales", "usual_day", "ridge"),
    )
    .option(
      "--rows <scheme>",
      "which rows they learned from; default: as the file says, else stagger",
      scheme,
    )
    .option("--trained-to <date>", "last day they learned from; default: the last of the data source", isoDay)
    .action((file: string, options: ImportFlags) => importFile(context, file, options));
  add("rows", "write the rows that boosted trees learn from, to train a model elsewhere")
    .requiredOption("--out <file>", "CSV: date, log_sales, usual_day, ridge, then every input")
    .option("--rows <scheme>", "stagger, month_ahead or far", scheme, "stagger")
    .option("--max-stores <n>", "with more stores than this, every k-th one", wholeNumber(1, 1_000_000))
    .action((options: RowsFlags) => writeRows(context, options));
}

function exportModel(
  { settings, terminal }: CliContext,
  reference: ModelReference | undefined,
  options: ExportFlags,
) {
  return withSession(settings(), terminal, async (session) => {
    const source = await dataSourceOf(session, options.dataSource);
    const model = await loadModelVersion(session.db, source.id, reference ?? "champion");
    const file = resolve(options.out);
    const content = options.trees === undefined ? model.artifact : chosenTrees(model.artifact, options.trees);
    writeFileAtomically(file, content);
    const { version, modelType, trainedTo, sha256 } = model;
    terminal.answer(
      options.json
        ? JSON.stringify({ version, model_type: modelType, trained_to: trainedTo, sha256, file })
        : `version ${version} written to ${file} (${content.length} bytes)`,
    );
  });
}

function chosenTrees(artifact: Uint8Array, wished: number): Buffer {
  const sets = treesOfArtifact(artifact);
  const chosen = sets[wished - 1];
  if (chosen === undefined) {
    const there = sets.map((set, k) => `${k + 1} ${set.scheme} on ${set.base}`).join(", ");
    throw new UsageError(
      `--trees ${wished}: the model has ${sets.length} sets of trees${there && ` (${there})`}`,
    );
  }
  return Buffer.from(chosen.catboost);
}

function importFile({ settings, terminal }: CliContext, name: string, options: ImportFlags) {
  const file = resolve(name);
  const part: ImportOptions["part"] = {
    ...(options.target && { base: options.target === "log_sales" ? "nothing" : options.target }),
    ...(options.rows && { scheme: options.rows }),
  };
  const bytes = readModelFile(file);
  return withSession(settings(), terminal, async (session) => {
    const { id } = await dataSourceOf(session, options.dataSource);
    const result = await importModel(session.db, {
      dataSourceId: id,
      bytes,
      fileName: basename(file),
      part,
      trainedTo: options.trainedTo,
    });
    terminal.answer(
      options.json
        ? JSON.stringify({
            version: result.version,
            experiment_id: result.experimentId,
            model_type: result.modelType,
            kind: result.kind,
            trained_to: result.trainedTo,
            gate: result.gate,
          })
        : `registered as version ${result.version}; it does not serve yet: rossmann model promote ${result.version}`,
    );
  });
}

function readModelFile(file: string): Buffer {
  if (!existsSync(file)) throw new NotReadyError(`there is no file ${file}: check the path`);
  const { size } = statSync(file);
  if (size > LARGEST_FILE_BYTES)
    throw new NotReadyError(`${file} has ${size} bytes; a model file has at most ${LARGEST_FILE_BYTES}`);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new NotReadyError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function writeRows({ settings, terminal }: CliContext, options: RowsFlags) {
  return withSession(settings(), terminal, async (session) => {
    const { id } = await dataSourceOf(session, options.dataSource);
    terminal.note("computing the inputs of every row");
    const matrix = await trainingMatrix(await readPanel(session.db, id), options.rows, options.maxStores);
    const file = resolve(options.out);
    await pipeline(Readable.from(csvLines(matrix)), createWriteStream(file));
    terminal.answer(
      options.json
        ? JSON.stringify({ file, rows: matrix.rows, columns: matrix.names.length + 4 })
        : `${matrix.rows.toLocaleString("en-US")} rows written to ${file}`,
    );
  });
}

const LINES_AT_ONCE = 1000;

/** A missing value is an empty cell. */
function* csvLines(matrix: Awaited<ReturnType<typeof trainingMatrix>>): Generator<string> {
  const cell = (value: number) => (Number.isNaN(value) ? "" : String(value));
  let text = `date,log_sales,usual_day,ridge,${matrix.names.join(",")}\n`;
  for (let row = 0; row < matrix.rows; row++) {
    const targets = [matrix.logSales[row], matrix.usualDay[row], matrix.ridge[row]].map((v) =>
      cell(v ?? NaN),
    );
    const inputs = matrix.columns.map((column) => cell(column[row] ?? NaN));
    text += `${isoDate(matrix.days[row] ?? 0)},${targets.join(",")},${inputs.join(",")}\n`;
    if (row % LINES_AT_ONCE === LINES_AT_ONCE - 1) {
      yield text;
      text = "";
    }
  }
  yield text;
}

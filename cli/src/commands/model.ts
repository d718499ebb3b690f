import {
  findModelVersion,
  listModelVersions,
  type ModelReference,
  type ModelVersion,
  promoteModelVersion,
  rollbackModelVersion,
} from "@rossmann/warehouse";
import type { Command } from "commander";
import { modelReference, wholeNumber } from "../options.ts";
import type { CliContext, CommandModule } from "../run-cli.ts";
import { type DataSourceOptions, withDataSource } from "../run-options.ts";
import { dataSourceOf, withSession } from "../session.ts";
import { textTable } from "../text-table.ts";
import { addModelFileCommands } from "./model-files.ts";

export const modelCommand: CommandModule = (program, context) => {
  const model = program.command("model").description("the registry of trained models");
  const add = (name: string, description: string): Command =>
    withDataSource(model.command(name).description(description));

  add("list", "every version, newest first").action((options: DataSourceOptions) => list(context, options));
  add("show", "one version")
    .argument("[model]", "champion, challenger or a version number", modelReference)
    .action((reference: ModelReference | undefined, options: DataSourceOptions) =>
      show(context, reference, options),
    );
  add("promote", "let this version serve from now on")
    .argument("<version>", "version number", wholeNumber(1, 999_999_999))
    .action((version: number, options: DataSourceOptions) => promote(context, version, options));
  add("rollback", "let the version serve again that served before").action((options: DataSourceOptions) =>
    rollback(context, options),
  );
  addModelFileCommands(add, context);
};

function list({ settings, terminal }: CliContext, options: DataSourceOptions) {
  return withSession(settings(), terminal, async (session) => {
    const models = await listModelVersions(session.db, (await dataSourceOf(session, options.dataSource)).id);
    if (options.json) return terminal.answer(JSON.stringify(models.map(described)));
    if (models.length === 0) return terminal.answer("no model yet: train one with rossmann train");
    terminal.answer(
      textTable(
        ["version", "serves as", "model", "learned to", "trained at"],
        models.map((m) => [
          String(m.version),
          m.aliases.join(", "),
          m.modelType,
          m.trainedTo,
          m.createdAt.toISOString(),
        ]),
      ),
    );
  });
}

function show(
  { settings, terminal }: CliContext,
  reference: ModelReference | undefined,
  options: DataSourceOptions,
) {
  return withSession(settings(), terminal, async (session) => {
    const source = await dataSourceOf(session, options.dataSource);
    const model = await findModelVersion(session.db, source.id, reference ?? "champion");
    terminal.answer(
      JSON.stringify({ ...described(model), metadata: model.metadata }, null, options.json ? 0 : 2),
    );
  });
}

function promote({ settings, terminal }: CliContext, version: number, options: DataSourceOptions) {
  return withSession(settings(), terminal, async (session) => {
    const source = await dataSourceOf(session, options.dataSource);
    await promoteModelVersion(session.db, source.id, version);
    terminal.answer(
      options.json ? JSON.stringify({ champion: version }) : `version ${version} serves as champion now`,
    );
  });
}

function rollback({ settings, terminal }: CliContext, options: DataSourceOptions) {
  return withSession(settings(), terminal, async (session) => {
    const version = await rollbackModelVersion(
      session.db,
      (await dataSourceOf(session, options.dataSource)).id,
    );
    terminal.answer(
      options.json ? JSON.stringify({ champion: version }) : `version ${version} serves as champion again`,
    );
  });
}

const described = ({
  version,
  aliases,
  modelType,
  trainedTo,
  createdAt,
  experimentId,
  sha256,
}: ModelVersion) => ({
  version,
  aliases,
  model_type: modelType,
  trained_to: trainedTo,
  created_at: createdAt.toISOString(),
  experiment_id: experimentId,
  sha256,
});

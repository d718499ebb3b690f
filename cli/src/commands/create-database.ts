import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readEnvironment } from "@rossmann/core";
import { createRoleAndDatabase } from "@rossmann/warehouse";
import { NotReadyError } from "../errors.ts";
import { wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";

interface CreateDatabaseOptions {
  host: string;
  port: number;
  superuser: string;
  user: string;
  database: string;
}

export const createDatabaseCommand: CommandModule = (program, { terminal }) => {
  program
    .command("create-database")
    .description(
      "make a role and a database on a PostgreSQL of your own and name it in .env; passwords come from PG_SUPERPASSWORD and POSTGRES_PASSWORD",
    )
    .option("--host <host>", "where the server is", "127.0.0.1")
    .option("--port <n>", "its port", wholeNumber(1, 65_535), 5432)
    .option("--superuser <name>", "who may create roles and databases", "postgres")
    .option("--user <name>", "role of the platform", "rossmann_user")
    .option("--database <name>", "its database", "rossmann")
    .action(async (options: CreateDatabaseOptions) => {
      const { PG_SUPERPASSWORD, POSTGRES_PASSWORD, DATABASE_URL } = readEnvironment();
      if (PG_SUPERPASSWORD === undefined)
        throw new NotReadyError(
          `the password of ${options.superuser} is not known: put it in the environment variable PG_SUPERPASSWORD`,
        );
      const made = await createRoleAndDatabase({
        ...options,
        superPassword: PG_SUPERPASSWORD,
        ...(POSTGRES_PASSWORD === undefined ? {} : { password: POSTGRES_PASSWORD }),
      });
      const state = (created: boolean) => (created ? "created" : "was there");
      terminal.answer(
        `role ${options.user} ${state(made.createdRole)}, database ${options.database} ${state(made.createdDatabase)} on ${options.host}:${options.port}`,
      );
      if (DATABASE_URL !== undefined)
        return terminal.answer("DATABASE_URL is set already and stays as it is");
      if (made.url === null)
        throw new NotReadyError(
          `the password of ${options.user} is not known: put it in POSTGRES_PASSWORD, or the whole address in DATABASE_URL`,
        );
      addToEnvFile("DATABASE_URL", made.url);
      terminal.answer(`DATABASE_URL written to ${resolve(".env")}`);
    });
};

function addToEnvFile(name: string, value: string): void {
  const before = existsSync(".env") ? readFileSync(".env", "utf8") : "";
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(".env", `${gap}${name}=${value}\n`, { mode: 0o600 });
}

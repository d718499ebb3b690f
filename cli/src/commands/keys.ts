import { userInfo } from "node:os";
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey, SCOPES } from "@rossmann/warehouse";
import { InvalidArgumentError } from "commander";
import { UsageError } from "../errors.ts";
import type { CliContext, CommandModule } from "../run-cli.ts";
import { dataSourceOf, withSession } from "../session.ts";
import { newSignInLink } from "../sign-in-link.ts";
import { readRunning } from "../state.ts";
import { textTable } from "../text-table.ts";

interface CreateOptions {
  name: string;
  scopes: string;
  dataSource?: string[];
  expires?: Date;
  createdBy?: string;
  notes?: string;
  json?: boolean;
}

const WARNING = "The key is shown this once and stored nowhere: keep it like a password.";
const MS_PER_UNIT = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export const keysCommand: CommandModule = (program, context) => {
  const keys = program.command("keys").description("API keys: who may ask for what");
  keys
    .command("create")
    .description("make a key; it is printed this once")
    .requiredOption("--name <name>", "who it is for; written down as the actor of what is changed with it")
    .requiredOption("--scopes <list>", `separated by commas, out of ${SCOPES.join(", ")}`)
    .option("--data-source <name or id...>", "bind it to these data sources; default all")
    .option("--expires <time>", "a time like 12h, 90d or 4w from now, or a date like 2027-01-31", expiry)
    .option("--created-by <name>", "default the user of this machine")
    .option("--notes <text>", "a remark for the list")
    .option("--json", "print one JSON document")
    .action((options: CreateOptions) => create(context, options));
  keys
    .command("list")
    .description("the keys, newest first")
    .option("--all", "revoked ones too")
    .option("--json", "print one JSON document")
    .action((options: { all?: boolean; json?: boolean }) => list(context, options));
  keys
    .command("revoke <key>")
    .description("end a key, named by its name or id, and every session that was opened with it")
    .option("--json", "print one JSON document")
    .action((key: string, options: { json?: boolean }) => revoke(context, key, options));
  keys
    .command("link")
    .description("print a link that signs one browser in to the running dashboard, once, with all rights")
    .action(() => link(context));
};

const create = ({ settings, terminal }: CliContext, options: CreateOptions) =>
  withSession(settings(), terminal, async (session) => {
    const sources = await Promise.all(
      (options.dataSource ?? []).map((reference) => dataSourceOf(session, reference)),
    );
    const { key, secret } = await createApiKey(session.db, {
      name: options.name,
      scopes: options.scopes.split(","),
      createdBy: options.createdBy ?? userInfo().username,
      dataSourceIds: sources.length === 0 ? null : sources.map(({ id }) => id),
      expiresAt: options.expires ?? null,
      notes: options.notes,
    });
    if (key.scopes.includes("diagnostics:operate") && !/diagnostics:(read|admin)/.test(key.scopes.join())) {
      terminal.note("this key cannot list what it operates on; add the scope diagnostics:read for that");
    }
    if (options.json) {
      terminal.answer(JSON.stringify({ client: shown(key), api_key: secret, warning: WARNING }));
      return;
    }
    terminal.answer(`${rows(key)}\n\n  ${secret}\n\n${WARNING}`);
  });

const list = ({ settings, terminal }: CliContext, options: { all?: boolean; json?: boolean }) =>
  withSession(settings(), terminal, async ({ db }) => {
    const keys = await listApiKeys(db, { withRevoked: options.all });
    if (options.json) {
      terminal.answer(JSON.stringify({ items: keys.map(shown) }));
      return;
    }
    if (keys.length === 0) {
      terminal.note("there is no key yet; rossmann keys create --name <name> --scopes <list> makes one");
      return;
    }
    terminal.answer(
      textTable(
        ["name", "key", "scopes", "sources", "state", "expires", "last used"],
        keys.map((key) => [
          key.name,
          `${key.keyStart}…${key.keyEnd}`,
          key.scopes.join(" "),
          key.dataSourceIds?.join(" ") ?? "all",
          stateOf(key),
          key.expiresAt?.toISOString().slice(0, 16) ?? "never",
          key.lastUsedAt?.toISOString().slice(0, 16) ?? "never",
        ]),
      ),
    );
  });

const revoke = ({ settings, terminal }: CliContext, reference: string, options: { json?: boolean }) =>
  withSession(settings(), terminal, async ({ db }) => {
    const key = await revokeApiKey(db, reference, userInfo().username);
    if (options.json) terminal.answer(JSON.stringify({ client: shown(key) }));
    else terminal.answer(`revoked ${key.name} (${key.keyId}); it and its sessions count no more`);
  });

function link({ settings: readSettings, terminal }: CliContext): Promise<void> {
  const settings = readSettings();
  const running = readRunning(settings.home);
  const dashboard = running?.dashboardUrl ?? `http://127.0.0.1:${settings.BACKEND_PORT}`;
  return withSession(settings, terminal, async ({ db }) => {
    terminal.answer(await newSignInLink(db, dashboard));
    if (running === null) terminal.note(`nothing runs from this home; the link is for ${dashboard}`);
  });
}

/** A key as JSON, without anything that would let somebody in. */
function shown(key: ApiKey) {
  return {
    client_id: key.keyId,
    name: key.name,
    key_start: key.keyStart,
    key_end: key.keyEnd,
    scopes: key.scopes,
    data_source_ids: key.dataSourceIds,
    is_active: stateOf(key) === "in use",
    state: stateOf(key),
    created_at: key.createdAt,
    created_by: key.createdBy,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    revoked_by: key.revokedBy,
    last_used_at: key.lastUsedAt,
    last_used_ip: key.lastUsedIp,
    notes: key.notes,
  };
}

function stateOf({ revokedAt, expiresAt }: ApiKey): "in use" | "revoked" | "expired" {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? "expired" : "in use";
}

const rows = (key: ApiKey) =>
  [
    `id       ${key.keyId}`,
    `name     ${key.name}`,
    `scopes   ${key.scopes.join(", ")}`,
    `sources  ${key.dataSourceIds?.join(", ") ?? "all"}`,
    `created  ${key.createdAt.toISOString()} by ${key.createdBy}`,
    `expires  ${key.expiresAt?.toISOString() ?? "never"}`,
  ].join("\n");

/** Option parser for an instant to come. */
function expiry(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const at =
    count === undefined
      ? new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : Number.NaN)
      : new Date(Date.now() + Number(count) * MS_PER_UNIT[unit as keyof typeof MS_PER_UNIT]);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError("expected 12h, 90d, 4w or a date as YYYY-MM-DD.");
  if (at.getTime() <= Date.now()) throw new UsageError(`--expires ${text} is past`);
  return at;
}

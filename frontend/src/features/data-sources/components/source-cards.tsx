import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { Link } from "react-router";
import { Badge, VerdictBadge } from "../../../components/badge.tsx";
import type { DataSourceItem } from "../../../lib/api-types.ts";
import { ago, count, countShort, dayRange, instant } from "../../../lib/format.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import pageClasses from "./data-sources.module.css";
import classes from "./source-cards.module.css";

interface SourceCardsProps {
  list: readonly DataSourceItem[];
  shown: DataSourceItem;
  /** false when the key may not change anything */
  canChange: boolean;
  onChoose: (source: DataSourceItem) => void;
  onEdit: (source: DataSourceItem) => void;
}

/** One card per client: what it holds, how fresh it is, what the last examination said. */
export function SourceCards({ list, shown, canChange, onChoose, onEdit }: SourceCardsProps) {
  return (
    <ul className={pageClasses.cards}>
      {list.map((source) => (
        <li key={source.id}>
          <SourceCard
            source={source}
            isShown={source.id === shown.id}
            canChange={canChange}
            onChoose={() => onChoose(source)}
            onEdit={() => onEdit(source)}
          />
        </li>
      ))}
    </ul>
  );
}

interface SourceCardProps {
  source: DataSourceItem;
  isShown: boolean;
  canChange: boolean;
  onChoose: () => void;
  onEdit: () => void;
}

function SourceCard({ source, isShown, canChange, onChoose, onEdit }: SourceCardProps) {
  const search = useSharedSearch({ source: source.id, store: null, from: null, to: null });
  const isLoaded = source.date_from !== null && source.date_to !== null;
  return (
    <article className={classes.card} data-shown={isShown || undefined} aria-label={source.name}>
      <header className={classes.head}>
        <h2>
          <button type="button" aria-pressed={isShown} onClick={onChoose}>
            {source.name}
          </button>
        </h2>
        {source.is_default && <Badge>Default</Badge>}
        {!source.is_active && <Badge>Switched off</Badge>}
        {source.last_load?.status === "RUNNING" && <Badge tone="info">Loading</Badge>}
        <Tooltip label={canChange ? "Edit" : "Your key may not change data sources"}>
          <ActionIcon
            className={classes.edit}
            variant="subtle"
            color="gray"
            size={28}
            aria-label={`Edit ${source.name}`}
            data-disabled={!canChange || undefined}
            aria-disabled={!canChange}
            onClick={() => canChange && onEdit()}
          >
            <IconPencil size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </header>
      {source.description && <p className={classes.description}>{source.description}</p>}
      <dl className={classes.facts}>
        <dt>Holds</dt>
        <dd>
          {isLoaded ? (
            <>
              <span title={`${count(source.sales_rows_count)} rows`}>
                {countShort(source.sales_rows_count)} rows
              </span>{" "}
              of {count(source.stores_count)} stores
            </>
          ) : (
            "no sales yet"
          )}
        </dd>
        {source.date_from !== null && source.date_to !== null && (
          <>
            <dt>Days</dt>
            <dd>{dayRange(source.date_from, source.date_to)}</dd>
          </>
        )}
        <dt>Last load</dt>
        <dd title={source.last_load === null ? undefined : instant(source.last_load.started_at)}>
          {source.last_load === null ? (
            "never"
          ) : source.last_load.status === "FAILED" ? (
            <span className={classes.failed}>failed {ago(source.last_load.started_at)}, nothing changed</span>
          ) : (
            ago(source.last_load.started_at)
          )}
        </dd>
        <dt>Examined</dt>
        <dd>
          {source.last_preflight_run_id === null ? (
            "not yet"
          ) : (
            <Link
              className={classes.verdict}
              to={{
                pathname: "/preflight-diagnostics",
                search: `?source=${source.id}&run=${encodeURIComponent(source.last_preflight_run_id)}`,
              }}
            >
              <VerdictBadge verdict={source.last_preflight_status} />{" "}
              <span>{ago(source.last_preflight_at)}</span>
            </Link>
          )}
        </dd>
        <dt>Contract</dt>
        <dd>
          {source.related_contract_id === null ? (
            "the usual one"
          ) : (
            <Link
              to={{
                pathname: "/contracts",
                search: `?contract=${encodeURIComponent(source.related_contract_id)}${source.related_contract_version === null ? "" : `&version=${encodeURIComponent(source.related_contract_version)}`}`,
              }}
            >
              {source.related_contract_id} {source.related_contract_version}
            </Link>
          )}
        </dd>
      </dl>
      <footer className={classes.foot}>
        {isLoaded && source.is_active && (
          <Button component={Link} to={{ pathname: "/", search }} variant="default" size="xs">
            Show its figures
          </Button>
        )}
        {!isShown && (
          <Button variant="default" size="xs" onClick={onChoose}>
            Files and loads
          </Button>
        )}
      </footer>
    </article>
  );
}

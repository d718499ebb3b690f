import { Skeleton, UnstyledButton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Badge } from "../../../components/badge.tsx";
import { Failure } from "../../../components/failure.tsx";
import type { ContractDetail, ContractSummary } from "../../../lib/api-types.ts";
import { day } from "../../../lib/format.ts";
import classes from "./version-list.module.css";

const Choice = lazy(async () => ({ default: (await import("../../../components/choice.tsx")).Choice }));

interface VersionListProps {
  list: readonly ContractSummary[];
  contract: string | null;
  detail: UseQueryResult<ContractDetail>;
  chosen: string | null;
  against: string | null;
  onContract: (id: string) => void;
  onVersion: (version: string) => void;
  onAgainst: (version: string | null) => void;
}

/** The contracts there are, and the history of the chosen one, newest first. */
export function VersionList(props: VersionListProps) {
  const { list, contract, detail, chosen, against, onContract, onVersion, onAgainst } = props;
  const versions = [...(detail.data?.versions ?? [])].reverse();
  return (
    <nav className={classes.side} aria-label="Contract and version">
      <Suspense fallback={null}>
        {list.length > 1 && (
          <Choice
            label="Contract"
            value={contract ?? ""}
            options={list.map((each) => ({
              value: each.id,
              name: each.is_active ? each.name : `${each.name} (retired)`,
            }))}
            onChange={onContract}
          />
        )}
      </Suspense>
      {detail.data?.description && <p className={classes.description}>{detail.data.description}</p>}
      <h2 className={classes.heading}>Versions</h2>
      {detail.isPending && <Skeleton height={72} />}
      {detail.isError && detail.data === undefined && (
        <Failure what="The versions" error={detail.error} onRetry={() => void detail.refetch()} />
      )}
      <ol className={classes.list}>
        {versions.map((version) => (
          <li key={version.version}>
            <UnstyledButton
              className={classes.version}
              aria-current={version.version === chosen ? "true" : undefined}
              onClick={() => onVersion(version.version)}
            >
              <span className={classes.name}>
                <strong>{version.version}</strong>
                <Badge tone={version.is_released ? "good" : "info"}>
                  {version.is_released ? "Released" : "Draft"}
                </Badge>
              </span>
              <span className={classes.quiet}>
                {version.created_at ? day(version.created_at.slice(0, 10)) : "no date"}
                {version.changed_by && `, ${version.changed_by}`}
              </span>
              {version.changelog && <span className={classes.changelog}>{version.changelog}</span>}
            </UnstyledButton>
          </li>
        ))}
      </ol>
      {versions.length > 1 ? (
        <Suspense fallback={null}>
          <Choice
            label="What changed since"
            value={against ?? ""}
            options={[
              { value: "", name: "Choose a version" },
              ...versions
                .filter((version) => version.version !== chosen)
                .map((version) => ({ value: version.version, name: version.version })),
            ]}
            onChange={(value) => onAgainst(value === "" ? null : value)}
          />
        </Suspense>
      ) : (
        detail.data && (
          <p className={classes.description}>
            There is one version so far, so there is nothing to compare. A released version is never edited: a
            change becomes the next one.
          </p>
        )
      )}
    </nav>
  );
}

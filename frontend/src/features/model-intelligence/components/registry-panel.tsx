import { Button } from "@mantine/core";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { ModelVersionItem } from "../../../lib/api-types.ts";
import { day, instant, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import type { RegistryChange } from "../api/changes.ts";
import classes from "./registry-panel.module.css";
import { AliasBadge } from "./status-badge.tsx";

interface RegistryPanelProps {
  /** Newest first. */
  versions: readonly ModelVersionItem[];
  isRefreshing: boolean;
  onChange: (change: RegistryChange) => void;
  className?: string;
}

/** The versions there are: which one serves, why it may, and the way to let another one serve. */
export function RegistryPanel({ versions, isRefreshing, onChange, className }: RegistryPanelProps) {
  return (
    <Panel
      className={className}
      title="Versions"
      summary={
        versions.length === 0
          ? "Every completed training registers one."
          : `${plural(versions.length, "version")}. The champion serves, the challenger asks to.`
      }
      isFlush
      isRefreshing={isRefreshing}
      actions={
        versions.length > 1 && (
          <Button size="xs" variant="default" onClick={() => onChange({ kind: "rollback" })}>
            Roll back
          </Button>
        )
      }
    >
      {versions.length === 0 ? (
        <EmptyState kind="not-computed" title="No version yet" />
      ) : (
        <ul className={classes.list} aria-label="Model versions">
          {versions.map((version) => (
            <li key={version.version}>
              <div className={classes.who}>
                <strong>Version {version.version}</strong>
                {version.aliases.map((alias) => (
                  <AliasBadge key={alias} alias={alias} />
                ))}
                <span className={classes.quiet}>
                  {modelName(version.model_type)}, learned to {day(version.trained_to)}
                </span>
              </div>
              <div className={classes.gate}>
                {version.gate ?? "Nothing was recorded about its gate."}
                <span className={classes.quiet}>
                  Registered {instant(version.created_at)} · checksum{" "}
                  <code title={version.sha256}>{version.sha256.slice(0, 12)}</code>
                </span>
              </div>
              <div className={classes.actions}>
                {version.aliases.includes("champion") ? (
                  <span className={classes.quiet}>serves now</span>
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Promote version ${version.version}`}
                    onClick={() => onChange({ kind: "promote", version: version.version, alias: "champion" })}
                  >
                    Promote
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

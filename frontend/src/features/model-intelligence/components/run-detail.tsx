import type { ExperimentItem } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { dayRange, instant, MISSING, money, percent } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import { runDifferences, settingsOf } from "../run-differences.ts";
import classes from "./runs-panel.module.css";
import { StatusBadge } from "./status-badge.tsx";

interface RunDetailProps {
  item: ExperimentItem;
  other: ExperimentItem | null;
  items: readonly ExperimentItem[];
  onCompare: (id: string | null) => void;
}

/** One training: what it was given, what came of it, and in what it differs from another one. */
export function RunDetail({ item, other, items, onCompare }: RunDetailProps) {
  const best = item.metrics.best;
  return (
    <div className={classes.detail}>
      <h3>
        <span>Training of {instant(item.created_at)}</span> <StatusBadge item={item} />
      </h3>
      <dl>
        <dt>Id</dt>
        <dd>{item.experiment_id}</dd>
        {item.error_message && (
          <>
            <dt>Ended because</dt>
            <dd className={classes.failure}>{item.error_message}</dd>
          </>
        )}
        {item.status === "COMPLETED" && (
          <>
            <dt>Chosen model</dt>
            <dd>
              {modelName(item.model_type)}
              {item.version !== null && `, version ${item.version}`}
            </dd>
            <dt>Error</dt>
            <dd>
              RMSPE {percent(best?.rmspe)}, WAPE {percent(share(best?.wape))}, MAE {money(best?.mae)}
            </dd>
            <dt>Took</dt>
            <dd>{duration(Date.parse(item.updated_at) - Date.parse(item.created_at))}</dd>
          </>
        )}
        <dt>Learned from</dt>
        <dd>{range(item.training_period)}</dd>
        <dt>Judged on</dt>
        <dd>{range(item.validation_period)}</dd>
        {[...settingsOf(item)]
          .filter(([name]) => !name.endsWith(" period"))
          .map(([name, value]) => (
            <Setting key={name} name={name} value={value} />
          ))}
      </dl>
      {items.length > 1 && (
        <label>
          Compare with
          <select
            value={other?.experiment_id ?? ""}
            onChange={(event) => onCompare(event.target.value || null)}
          >
            <option value="">no other training</option>
            {items
              .filter((candidate) => candidate !== item)
              .map((candidate) => (
                <option key={candidate.experiment_id} value={candidate.experiment_id}>
                  {instant(candidate.created_at)}, {candidate.profile ?? "unknown profile"},{" "}
                  {candidate.status.toLowerCase()}
                </option>
              ))}
          </select>
        </label>
      )}
      {other && <Differences item={item} other={other} />}
    </div>
  );
}

function Setting({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{words(name)}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** Only what differs: equal settings say nothing. */
function Differences({ item, other }: { item: ExperimentItem; other: ExperimentItem }) {
  const settings = runDifferences(item, other);
  const outcomes = (["rmspe", "wape", "bias"] as const).map((name) => {
    const of = ({ metrics }: ExperimentItem) => {
      const value = metrics.best?.[name];
      return percent(name === "wape" ? share(value) : value);
    };
    return { name: name.toUpperCase(), first: of(item), second: of(other) };
  });
  return (
    <>
      {settings.length === 0 && <p className={classes.same}>Both were given the same settings.</p>}
      <table className={classes.table}>
        <caption className="visually-hidden">In what the two trainings differ</caption>
        <thead>
          <tr>
            <th scope="col">Differs in</th>
            <th scope="col">This one</th>
            <th scope="col">{instant(other.created_at)}</th>
          </tr>
        </thead>
        <tbody>
          {[...settings.map((entry) => ({ ...entry, name: words(entry.name) })), ...outcomes]
            .filter(({ first, second }) => first !== second)
            .map(({ name, first, second }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{first ?? MISSING}</td>
                <td>{second ?? MISSING}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

const share = (value: number | null | undefined): number | null => (value == null ? null : value / 100);

const range = ({ start, end }: { start: string | null; end: string | null }): string =>
  start === null || end === null ? MISSING : dayRange(start, end);

const SETTING_NAMES: Readonly<Record<string, string>> = {
  random_state: "Seed",
  origins: "Starting points",
  horizon: "Days per window",
  origin: "As if today were",
  target_transform: "Scale it learns on",
  file_sha256: "Checksum of the file",
  scheme: "Rows it learned from",
  target: "Its trees forecast",
  intervals_of_version: "Intervals of version",
};

/** A setting in a planner's words; one that nobody named is shown as it is called: `max_depth` → "Max depth". */
function words(name: string): string {
  const text = SETTING_NAMES[name] ?? name.replaceAll("_", " ");
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

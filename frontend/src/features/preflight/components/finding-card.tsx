import type { PreflightFinding } from "../../../lib/api-types.ts";
import { count, percent, plural } from "../../../lib/format.ts";
import { checkName, isRule } from "../findings.ts";
import classes from "./run-panel.module.css";

/** One finding: what it means, how often, and the first places with the bad cell marked. */
export function FindingCard({ finding, rows }: { finding: PreflightFinding; rows: number }) {
  const { check, samples } = finding;
  const share = rows > 0 && finding.count > 0 && finding.count <= rows ? finding.count / rows : null;
  const more = finding.count - samples.length;
  return (
    <article className={classes.finding} aria-label={`${checkName(check)} ${finding.column ?? ""}`}>
      <h5 className={classes.title}>
        {checkName(check)}
        <span className={classes.amount}>
          {plural(finding.count, "place")}
          {share !== null && `, ${shareWords(share)} of the rows`}
        </span>
        {isRule(check) && <code>rule of the contract</code>}
      </h5>
      <p className={classes.message}>{finding.message}</p>
      {samples.length > 0 && <Places finding={finding} />}
      {samples.length > 0 && more > 0 && (
        <p className={classes.more}>
          The first {samples.length} of {count(finding.count)}
          {finding.quarantined && "; the report of rejected rows has them all"}.
        </p>
      )}
    </article>
  );
}

function Places({ finding }: { finding: PreflightFinding }) {
  const { samples, check, column } = finding;
  const keys = [...new Set(samples.flatMap((sample) => Object.keys(sample.key)))].filter(
    (key) => key !== column,
  );
  const header = samples.find((sample) => sample.column !== null)?.column ?? "Value";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds inputs, this holds a table that scrolls
    <div
      className={classes.places}
      role="group"
      aria-label={`Places of ${checkName(check)} ${column ?? ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" data-align="right">
              Line
            </th>
            {keys.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
            <th scope="col">{header}</th>
            <th scope="col">Expected</th>
          </tr>
        </thead>
        <tbody>
          {samples.map((sample, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may be named twice
            <tr key={i}>
              <td data-align="right">{sample.line === null ? "–" : count(sample.line)}</td>
              {keys.map((key) => (
                <td key={key}>{sample.key[key] ?? "–"}</td>
              ))}
              <td className={finding.severity === "FAIL" ? classes.bad : classes.warned}>
                {sample.value === null ? <span className={classes.empty}>empty</span> : sample.value}
              </td>
              <td data-wrap>{sample.expected}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A share that would be written as 0.0% is still something. */
const shareWords = (share: number): string => (share < 0.0005 ? "under 0.1%" : percent(share));

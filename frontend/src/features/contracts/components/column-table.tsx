import type { ContractProfile } from "../../../lib/api-types.ts";
import { typeWord, valueWords } from "../words.ts";
import classes from "./contract-document.module.css";

/** The columns of one file, each with what its cells may hold. On a small screen each column is a block of its own. */
export function ColumnTable({ label, profile }: { label: string; profile: ContractProfile }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds inputs, this holds a table that scrolls
    <div
      className={classes.scroller}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={classes.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Holds</th>
            <th scope="col">Values</th>
            <th scope="col">Presence</th>
            <th scope="col">Header may also read</th>
          </tr>
        </thead>
        <tbody>
          {profile.columns.map((column) => (
            <tr key={column.canonical_name}>
              <th scope="row" className={classes.column}>
                <strong>{column.canonical_name}</strong>
                {column.description && <span className={classes.quiet}>{column.description}</span>}
              </th>
              <td data-name="Holds" className={classes.steady}>
                {typeWord(column.dtype)}
              </td>
              <td data-name="Values" className={classes.values}>
                {valueWords(column) || <span className={classes.quiet}>any</span>}
              </td>
              <td data-name="Presence" className={classes.steady}>
                {column.required ? "required" : <span className={classes.quiet}>optional</span>}
                <span className={classes.second}>
                  {column.nullable ? "cells may be empty" : "no cell empty"}
                  {column.sensitive && ", masked in reports"}
                </span>
              </td>
              <td data-name="Header may also read" className={classes.aliases}>
                {column.aliases.length === 0 ? (
                  <span className={classes.quiet}>nothing else</span>
                ) : (
                  column.aliases.join(", ")
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import type { ReactNode } from "react";
import classes from "./page-head.module.css";

interface PageHeadProps {
  title: string;
  /** The page's answer in one sentence. */
  answer: ReactNode;
  actions?: ReactNode;
  /** Filters in one row. */
  filters?: ReactNode;
}

/** Title, one-sentence answer, actions, and the filters below. */
export function PageHead({ title, answer, actions, filters }: PageHeadProps) {
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <h1 className={classes.title} tabIndex={-1}>
          {title}
        </h1>
        <p className={classes.answer}>{answer}</p>
      </div>
      {actions && <div className={`${classes.actions} no-print`}>{actions}</div>}
      {filters && (
        <search className={`${classes.filters} no-print`} aria-label="Filters">
          {filters}
        </search>
      )}
    </header>
  );
}

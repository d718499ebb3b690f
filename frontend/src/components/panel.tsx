import { type ReactNode, useId } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  title: string;
  /** One sentence under the title: the message, or what is counted. */
  summary?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** Small line at the bottom: source, freshness, definitions. */
  foot?: ReactNode;
  /** True while newer figures are on their way: a line runs over what is shown. */
  isRefreshing?: boolean;
  /** The content reaches the panel's edges (tables). */
  isFlush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A card with a title. Its content is a chart, a table or a drawn state. */
export function Panel({
  title,
  summary,
  actions,
  foot,
  isRefreshing = false,
  isFlush = false,
  className,
  children,
}: PanelProps) {
  const id = useId();
  return (
    <section
      className={`${classes.panel} ${className ?? ""}`}
      aria-labelledby={id}
      aria-busy={isRefreshing || undefined}
    >
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 id={id} className={classes.title}>
            {title}
          </h2>
          {summary && <p className={classes.summary}>{summary}</p>}
        </div>
        {actions && <div className={`${classes.actions} no-print`}>{actions}</div>}
      </header>
      <div
        className={classes.body}
        data-refreshing={isRefreshing || undefined}
        data-flush={isFlush || undefined}
      >
        {children}
      </div>
      {foot && <footer className={classes.foot}>{foot}</footer>}
    </section>
  );
}

import { UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./page-head.module.css";

interface PageHeadProps {
  title: string;
  /** The page's answer in one sentence. */
  answer: ReactNode;
  actions?: ReactNode;
  /** Filters in one row; folded away on a small screen. */
  filters?: ReactNode;
  /** What the filters say, in words, while they are folded away. */
  filterWords?: string;
}

/** Title, one-sentence answer, actions, and the filters below. */
export function PageHead({ title, answer, actions, filters, filterWords }: PageHeadProps) {
  const isSmall = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  const [isUnfolded, setUnfolded] = useState(false);
  const id = useId();
  return (
    <header className={classes.head}>
      <h1 className={classes.title} tabIndex={-1}>
        {title}
      </h1>
      {actions && <div className={`${classes.actions} no-print`}>{actions}</div>}
      <p className={classes.answer}>{answer}</p>
      {filters && isSmall && (
        <UnstyledButton
          className={`${classes.fold} no-print`}
          aria-expanded={isUnfolded}
          aria-controls={id}
          onClick={() => setUnfolded(!isUnfolded)}
        >
          <IconAdjustmentsHorizontal size={18} stroke={1.6} aria-hidden />
          <span>{filterWords ?? "Filters"}</span>
          <IconChevronDown size={16} stroke={1.6} aria-hidden />
        </UnstyledButton>
      )}
      {filters && (
        <search
          id={id}
          className={`${classes.filters} no-print`}
          aria-label="Filters"
          hidden={isSmall && !isUnfolded}
        >
          {filters}
        </search>
      )}
    </header>
  );
}

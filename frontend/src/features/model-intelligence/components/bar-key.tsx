import classes from "./model-intelligence.module.css";

/** A colour of grouped bars with the word for it. */
export function BarKey({ look, children }: { look: "subject" | "reference"; children: string }) {
  return (
    <span className={classes.key} data-look={look}>
      <i aria-hidden />
      {children}
    </span>
  );
}

import type { ReactNode } from "react";
import classes from "./notice.module.css";

interface NoticeProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** `page` stands in for a whole page and holds its h1; `panel` fills a panel. */
  level?: "page" | "panel";
  tone?: "calm" | "bad";
}

/** A drawn state in place of content: an icon, what is the case, what to do. */
export function Notice({ icon, title, children, action, level = "panel", tone = "calm" }: NoticeProps) {
  const Title = level === "page" ? "h1" : "p";
  return (
    <div className={classes.notice} data-level={level} data-tone={tone}>
      <span className={classes.icon}>{icon}</span>
      <Title className={classes.title}>{title}</Title>
      {children && <div className={classes.text}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

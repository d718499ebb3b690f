import { Button } from "@mantine/core";
import { IconLinkOff } from "@tabler/icons-react";
import classes from "./url-notice.module.css";

interface UrlNoticeProps {
  /** What was wrong and what is shown instead, one sentence each; nothing is drawn without any. */
  sentences: readonly string[];
  /** Takes the bad values out of the address; without it there is nothing to take out. */
  onClean?: () => void;
}

/** Says that the address asked for something that cannot be, and what is shown instead. */
export function UrlNotice({ sentences, onClean }: UrlNoticeProps) {
  if (sentences.length === 0) return null;
  return (
    <div className={`${classes.notice} no-print`} role="status">
      <IconLinkOff size={18} stroke={1.6} aria-hidden />
      <span>{sentences.join(" ")}</span>
      {onClean && (
        <Button size="compact-sm" variant="default" onClick={onClean}>
          Clean the address
        </Button>
      )}
    </div>
  );
}

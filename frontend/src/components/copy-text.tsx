import { UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./copy-text.module.css";

/** A text in fixed-width letters that is copied by a click. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <UnstyledButton className={classes.copy} title={label} onClick={() => clipboard.copy(text)}>
      <code>{text}</code>
      {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      <span className="visually-hidden">{clipboard.copied ? "Copied" : label}</span>
    </UnstyledButton>
  );
}

import { UnstyledButton, type UnstyledButtonProps } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import classes from "./picker-button.module.css";

type PickerButtonProps = UnstyledButtonProps & ComponentPropsWithRef<"button"> & { icon: ReactNode };

/** The closed form of a picker: what is chosen, and that there is more. */
export function PickerButton({ icon, children, ...rest }: PickerButtonProps) {
  return (
    <UnstyledButton {...rest} className={classes.button}>
      {icon}
      <span className={classes.text}>{children}</span>
      <IconChevronDown size={16} stroke={1.6} aria-hidden className={classes.chevron} />
    </UnstyledButton>
  );
}

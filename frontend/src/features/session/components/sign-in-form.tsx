import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import { useSignIn } from "../api/session.ts";
import classes from "./session.module.css";

/** Where a key is typed. It is sent once, traded for a cookie that no script can read, and forgotten. */
export function SignInForm({ onDone, autoFocus = false }: { onDone?: () => void; autoFocus?: boolean }) {
  const [key, setKey] = useState("");
  const [isMissing, setMissing] = useState(false);
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = key.trim();
    setMissing(typed === "");
    if (typed === "") return;
    signIn.run({ api_key: typed }, () => {
      setKey("");
      onDone?.();
    });
  };
  return (
    <form className={classes.form} onSubmit={submit} autoComplete="off">
      <PasswordInput
        label="Key"
        value={key}
        autoComplete="off"
        autoFocus={autoFocus}
        error={isMissing ? "Type or paste a key first." : undefined}
        errorProps={{ role: "alert" }}
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the key", tabIndex: 0 }}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setMissing(false);
        }}
      />
      <DialogFailure what="Not signed in" error={signIn.error} />
      <p className={classes.note}>
        The key is exchanged for a session of this browser and stored nowhere. Whoever runs the platform makes
        one with <code>npx rossmann keys create</code>.
      </p>
      <div className={classes.buttons}>
        <Button type="submit" loading={signIn.isPending}>
          Sign in
        </Button>
      </div>
    </form>
  );
}

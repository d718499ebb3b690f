import { Button } from "@mantine/core";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import type { Session } from "../../../lib/api-types.ts";
import { instant } from "../../../lib/format.ts";
import { useSession, useSignOut } from "../api/session.ts";
import { scopeWords } from "../scope-words.ts";
import classes from "./session.module.css";
import { SignInForm } from "./sign-in-form.tsx";

/** Signing in; once signed in, who one is, what that allows, and signing out. */
export default function AccountDialog({ onClose }: { onClose: () => void }) {
  const { data } = useSession();
  return (
    <Dialog title={data?.signed_in ? "Signed in" : "Sign in"} onClose={onClose}>
      {data?.signed_in ? (
        <Account session={data} onClose={onClose} />
      ) : (
        <SignInForm autoFocus onDone={onClose} />
      )}
    </Dialog>
  );
}

function Account({ session, onClose }: { session: Session; onClose: () => void }) {
  const signOut = useSignOut();
  return (
    <>
      <dl className={classes.facts}>
        <dt>Name</dt>
        <dd>{session.name}</dd>
        <dt>May</dt>
        <dd>
          <ul className={classes.rights}>
            {session.scopes.map((scope) => (
              <li key={scope}>{scopeWords(scope)}</li>
            ))}
          </ul>
        </dd>
        <dt>Data sources</dt>
        <dd>{session.data_source_ids === null ? "all" : `number ${session.data_source_ids.join(", ")}`}</dd>
        <dt>Until</dt>
        <dd>{session.expires_at === null ? "signed out" : instant(session.expires_at)}</dd>
      </dl>
      <DialogFailure what="Still signed in" error={signOut.error} />
      <div className={parts.buttons}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button loading={signOut.isPending} onClick={() => signOut.run(undefined, onClose)}>
          Sign out
        </Button>
      </div>
    </>
  );
}

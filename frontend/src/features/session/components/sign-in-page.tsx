import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import classes from "./session.module.css";
import { SignInForm } from "./sign-in-form.tsx";

/** What stands in place of every page while the server shows nothing without a key. */
export default function SignInPage({
  words = "This server can be reached from other machines, so it shows its figures to whoever has a key.",
}: {
  words?: string;
}) {
  useDocumentTitle("Sign in");
  return (
    <div className={classes.gate}>
      <h1 tabIndex={-1}>Sign in</h1>
      <p>{words}</p>
      <SignInForm autoFocus />
    </div>
  );
}

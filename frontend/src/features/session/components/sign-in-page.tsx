import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import classes from "./session.module.css";
import { SignInForm } from "./sign-in-form.tsx";

/** What stands in place of every page while the server shows nothing without a key. */
export default function SignInPage() {
  useDocumentTitle("Sign in");
  return (
    <div className={classes.gate}>
      <h1 tabIndex={-1}>Sign in</h1>
      <p>This server can be reached from other machines, so it shows its figures to whoever has a key.</p>
      <SignInForm autoFocus />
    </div>
  );
}

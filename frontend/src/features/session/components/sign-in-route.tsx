import { Navigate } from "react-router";
import { useSession } from "../api/session.ts";
import SignInPage from "./sign-in-page.tsx";

/** Where a sign-in link leads: on to the first page once it has worked, else to where a key can be typed. */
export function SignInRoute() {
  const { data } = useSession();
  if (data?.signed_in) return <Navigate to="/" replace />;
  return (
    <SignInPage words="A key opens what its owner may see; a link of the command line does so by itself." />
  );
}

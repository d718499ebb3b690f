import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { signIn } from "./api/session.ts";

const CODE = /^#code=([\w-]{8,200})$/;

/**
 * Follows a sign-in link (`#code=…`): the code leaves the address at once, since it opens one session only, and is traded for
 * the session.
 *
 * @returns why the link did not work; null when it did or when there was none
 */
export function useSignInLink(): string | null {
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const code = CODE.exec(location.hash)?.[1];
    if (code === undefined) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    signIn(client, { code }).catch((error: Error) => setProblem(error.message));
  }, [client]);
  return problem;
}

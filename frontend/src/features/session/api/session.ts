import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { deleteJson, getJson, postJson } from "../../../lib/api.ts";
import type { Session } from "../../../lib/api-types.ts";
import { useAction } from "../../../lib/use-action.ts";

/** Who asks, and what that one may do. Asked again when the window is looked at: a session ends by itself. */
export const session = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => getJson<Session>("/session", { signal }),
  staleTime: 60_000,
  refetchOnWindowFocus: true,
});

export const useSession = () => useQuery(session);

/** What proves who one is: a key, or the code of a link that the command line printed. */
export type Proof = { api_key: string } | { code: string };

/** Trades a key or a code for a cookie that no script can read. The key itself is kept nowhere. */
export async function signIn(client: QueryClient, proof: Proof): Promise<void> {
  const { body } = await postJson<Session>("/session", proof);
  client.setQueryData(session.queryKey, body);
  await askEverythingAgain(client);
}

export function useSignIn() {
  const client = useQueryClient();
  return useAction((proof: Proof) => signIn(client, proof));
}

/** Ends the session for good; what it showed leaves the screen. */
export function useSignOut() {
  const client = useQueryClient();
  return useAction(
    async () => {
      await deleteJson<void>("/session");
      // Who asks now is known before anything is asked: what needs a key is not asked for.
      await client.fetchQuery({ ...session, staleTime: 0 });
    },
    () => askEverythingAgain(client),
  );
}

/** Answers of before belong to somebody else; what was refused may be allowed now. */
function askEverythingAgain(client: QueryClient): Promise<void> {
  return client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}

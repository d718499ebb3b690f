import { useSession } from "../session/api/session.ts";

/** Whether something may be done, and if not the sentence that says why. */
export interface Right {
  may: boolean;
  why: string | null;
}

/** What the reader may do with alerts and notifications; nothing while that is not known yet. */
export function useRights(): { operate: Right; administer: Right } {
  const { data } = useSession();
  const right = (scope: "diagnostics:operate" | "diagnostics:admin"): Right => {
    const may = data?.scopes.includes(scope) ?? false;
    return { may, why: may ? null : `This asks for a key with the scope ${scope}.` };
  };
  return { operate: right("diagnostics:operate"), administer: right("diagnostics:admin") };
}

import type { Session } from "@rossmann/backend";

const SCOPES: Session["scopes"] = [
  "data:read",
  "data:write",
  "forecast:run",
  "diagnostics:read",
  "diagnostics:operate",
  "diagnostics:admin",
];
/** The one key that the fake server knows. */
export const FAKE_KEY = "rsk_fake_0123456789";

export interface FakeSession {
  current: Session;
  answer: (method: string, body: unknown) => { status: number; body: unknown };
}

/**
 * Who may do what, in memory.
 *
 * @param place "signed-in"; "local" = no key asked for but by the diagnostics; "locked" = nothing without a key
 */
export function fakeSession(place: "signed-in" | "local" | "locked" = "signed-in"): FakeSession {
  const isLocked = place === "locked";
  const out: Session = {
    signed_in: false,
    name: isLocked ? "anonymous" : "local",
    kind: isLocked ? "anonymous" : "local",
    scopes: isLocked ? [] : SCOPES.slice(0, 3),
    data_source_ids: null,
    expires_at: null,
    key_required: isLocked,
  };
  const signedIn: Session = {
    ...out,
    signed_in: true,
    name: "planning-team",
    kind: "session",
    scopes: SCOPES,
    expires_at: new Date(Date.now() + 8 * 3_600_000).toISOString(),
  };
  const fake: FakeSession = {
    current: place === "signed-in" ? signedIn : out,
    answer(method, body) {
      if (method === "GET") return { status: 200, body: fake.current };
      if (method === "DELETE") {
        fake.current = out;
        return { status: 204, body: null };
      }
      const { api_key, code } = body as { api_key?: string; code?: string };
      if (api_key !== FAKE_KEY && code === undefined)
        return { status: 401, body: "this key is not known, was revoked or has run out" };
      fake.current = signedIn;
      return { status: 200, body: fake.current };
    },
  };
  return fake;
}

// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAKE_KEY, type FakeSession, fakeSession } from "../../../test/fake-session.ts";
import { type OpenedPage, openPage } from "../../../test/open-page.tsx";
import { Failure } from "../../components/failure.tsx";
import { ApiError } from "../../lib/api.ts";
import { onAskedToSignIn } from "../../lib/ask-to-sign-in.ts";
import AccountDialog from "./components/account-dialog.tsx";
import { useSignInLink } from "./use-sign-in-link.ts";

let page: OpenedPage;
let session: FakeSession;
let sent: unknown[] = [];
beforeEach(() => {
  session = fakeSession("local");
  sent = [];
});
afterEach(() => page.close());

const open = (element = <AccountDialog onClose={() => {}} />, hash = "") => {
  page = openPage("/", hash, element, ({ method, path, body }) => {
    if (path !== "/session") return null;
    if (method === "POST") sent.push(body);
    return session.answer(method, body);
  });
  return page;
};

test("a key is traded for a session, and the browser keeps no copy of it", async () => {
  const { see, type, click } = open();
  await see(/Key/);
  type("Key", `  ${FAKE_KEY} `);
  click("Sign in");
  await see(/Signed in.*planning-team.*see sales, stores and contracts/);
  expect(sent).toEqual([{ api_key: FAKE_KEY }]);
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])).not.toContain(
    FAKE_KEY,
  );
  expect(document.body.innerHTML).not.toContain(FAKE_KEY);
});

test("a wrong key is refused in the server's words, and may be tried again", async () => {
  const { see, type, click } = open();
  await see(/Key/);
  type("Key", "nonsense");
  click("Sign in");
  await see(/Not signed in: this key is not known, was revoked or has run out \(request id request-7\)/);
  type("Key", FAKE_KEY);
  click("Sign in");
  await see(/planning-team/);
});

test("an empty key is asked for before anything is sent", async () => {
  const { see, click } = open();
  await see(/Key/);
  click("Sign in");
  await see(/Type or paste a key first/);
  expect(sent).toEqual([]);
});

test("signing out ends the session", async () => {
  session = fakeSession("signed-in");
  const { see, click, asked } = open();
  await see(/planning-team/);
  click("Sign out");
  await see(/Sign in/);
  expect(asked).toContain("DELETE /session");
  expect(session.current.signed_in).toBe(false);
});

function Link() {
  const problem = useSignInLink();
  return <p>{problem ?? "no problem"}</p>;
}

test("a sign-in link opens a session, and its code leaves the address at once", async () => {
  const { see } = open(<Link />, "#code=abcdefgh12345678");
  await see(/no problem/);
  await expect.poll(() => session.current.signed_in).toBe(true);
  expect(sent).toEqual([{ code: "abcdefgh12345678" }]);
  expect(location.hash).toBe("");
});

test("what asks for a key offers to sign in; what asks for another scope offers another key", async () => {
  let asked = 0;
  const stop = onAskedToSignIn(() => {
    asked += 1;
  });
  const { see, click } = open(
    <>
      <Failure
        what="The runs"
        error={new ApiError("needs a key", 401, "key_required", null)}
        onRetry={() => {}}
      />
      <Failure
        what="The alerts"
        error={new ApiError("lacks", 403, "scope_missing", null)}
        onRetry={() => {}}
      />
    </>,
  );
  await see(/Sign in to see the runs.*Your key may not see the alerts/);
  click("Sign in");
  click("Use another key");
  expect(asked).toBe(2);
  stop();
});

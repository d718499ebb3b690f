import { closeSession, openSessionOfCode, openSessionOfKey } from "@rossmann/warehouse";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { credentialOf, SESSION_COOKIE, sessionCookie } from "../credentials.ts";
import { responses } from "../schemas/responses.ts";
import { sessionAnswer, sessionSchema, signInBodySchema } from "../schemas/session.ts";

/** A browser keeps no key: it trades one for a cookie that no script can read and no other site's page can send. */
export function addSessionRoutes(app: Api, { db, callers, settings }: Counter): void {
  app.get(
    "/session",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "public" },
      schema: {
        summary: "Who asks, and what that one may do",
        tags: ["session"],
        response: responses(sessionSchema),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      return answerFor(request);
    },
  );

  app.post(
    "/session",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "public" },
      schema: {
        summary: "Sign in: trade a key, or the code of a sign-in link, for a session cookie",
        tags: ["session"],
        body: signInBodySchema,
        response: responses(sessionSchema),
      },
    },
    async (request, reply) => {
      const { api_key, code } = request.body;
      const hours = settings.SESSION_HOURS;
      let opened = code === undefined ? null : await openSessionOfCode(db, code, hours);
      if (api_key !== undefined) {
        const { keyId } = await callers.holderOf(api_key, request.ip);
        if (keyId !== null) opened = await openSessionOfKey(db, keyId, hours);
      }
      if (opened === null) return callers.refuse(request.ip, "code");
      const former = credentialOf({ cookie: request.headers.cookie });
      if (former !== null) await closeSession(db, former.secret);
      setCookie(request, reply, opened.token, hours * 3600);
      // The answer is about the session that begins here, not about what the request came with.
      request.headers.cookie = `${SESSION_COOKIE}=${opened.token}`;
      delete request.headers["x-api-key"];
      delete request.headers.authorization;
      const answer = await answerFor(request);
      request.log.info({ caller: answer.name, address: request.ip }, "signed in");
      return answer;
    },
  );

  app.delete(
    "/session",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "public" },
      schema: {
        summary: "Sign out: the session ends for good; the answer is who asks from now on",
        tags: ["session"],
        response: responses(sessionSchema),
      },
    },
    async (request, reply) => {
      const session = credentialOf({ cookie: request.headers.cookie });
      if (session !== null) await closeSession(db, session.secret);
      setCookie(request, reply, "", 0);
      delete request.headers.cookie;
      return answerFor(request);
    },
  );

  async function answerFor(request: FastifyRequest) {
    const caller = await callers.identify(request, false);
    return sessionAnswer(caller, !callers.isLocal(request));
  }

  function setCookie(request: FastifyRequest, reply: FastifyReply, token: string, seconds: number): void {
    const isSecure = request.protocol === "https" || request.headers.origin?.startsWith("https://") === true;
    reply.header("set-cookie", sessionCookie(token, seconds, isSecure)).header("cache-control", "no-store");
  }
}

import { createHmac } from "node:crypto";
import { createRandom } from "@rossmann/core";
import { expect, test } from "vitest";
import { signedHeaders, verifyPreflightSignature, verifyStandardWebhook } from "./sign.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
// Golden vector of the Standard Webhooks specification.
const golden = {
  eventId: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  deliveryId: "d1",
  timestampSeconds: 1_614_265_330,
  body: '{"test": 2432232314}',
};
const lower = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

test("the Standard Webhooks signature equals the specification's vector", () => {
  expect(signedHeaders(golden, [SECRET])["webhook-signature"]).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("the X-Preflight signature is HMAC-SHA256 of timestamp, dot and body as hex", () => {
  const expected = createHmac("sha256", "s3cret").update(`1614265330.${golden.body}`).digest("hex");
  expect(signedHeaders(golden, ["s3cret"])).toMatchObject({
    "X-Preflight-Delivery-Id": "d1",
    "X-Preflight-Event-Id": golden.eventId,
    "X-Preflight-Timestamp": "1614265330",
    "X-Preflight-Signature": `sha256=${expected}`,
  });
});

test("without a secret nothing is signed, and a receiver with one refuses it", () => {
  const headers = lower(signedHeaders(golden, []));
  expect(headers["webhook-signature"]).toBeUndefined();
  expect(verifyStandardWebhook(headers, golden.body, SECRET, golden.timestampSeconds)).toEqual({
    accepted: false,
    reason: "header_missing",
  });
});

test("while secrets change, receivers with the old and with the new one both accept", () => {
  const headers = lower(signedHeaders(golden, ["whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3", SECRET]));
  for (const secret of [SECRET, "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3"]) {
    expect(verifyStandardWebhook(headers, golden.body, secret, golden.timestampSeconds)).toEqual({
      accepted: true,
    });
  }
});

test.each([-301, 301])(
  "a delivery %i s away from the receiver's clock is refused in both schemes",
  (drift) => {
    const headers = lower(signedHeaders(golden, [SECRET]));
    const now = golden.timestampSeconds - drift;
    const refusal = { accepted: false, reason: "timestamp_out_of_tolerance" };
    expect(verifyStandardWebhook(headers, golden.body, SECRET, now)).toEqual(refusal);
    expect(verifyPreflightSignature(headers, golden.body, SECRET, now)).toEqual(refusal);
  },
);

test("W3: none of 5,000 mutations of id, timestamp, body or signature is accepted", () => {
  const random = createRandom(3);
  const headers = lower(signedHeaders(golden, [SECRET]));
  const alphabet = "abcXYZ0189+/=,. {}é\u0000";
  const mutate = (text: string): string => {
    const position = random.integer(0, text.length);
    const sign = alphabet[random.integer(0, alphabet.length - 1)]!;
    const kind = random.integer(0, 3);
    if (kind === 0) return text.slice(0, position) + sign + text.slice(position);
    if (kind === 1) return text.slice(0, position) + text.slice(position + 1);
    if (kind === 2) return text.slice(0, position) + sign + text.slice(position + 1);
    return text.split("").reverse().join("");
  };
  const standard = ["webhook-id", "webhook-timestamp", "webhook-signature", "body"];
  const preflight = ["x-preflight-timestamp", "x-preflight-signature", "body"];
  const accepted: string[] = [];
  let tried = 0;
  while (tried < 5_000) {
    const isStandard = random.uniform() < 0.6;
    const fields = isStandard ? standard : preflight;
    const field = fields[random.integer(0, fields.length - 1)]!;
    const original = field === "body" ? golden.body : headers[field]!;
    const mutated = mutate(original);
    if (mutated === original) continue;
    // A further signature beside the right one is what rotation looks like, so only the right one's loss counts.
    if (field === "webhook-signature" && mutated.split(" ").includes(original)) continue;
    tried++;
    const received = field === "body" ? headers : { ...headers, [field]: mutated };
    const body = field === "body" ? mutated : golden.body;
    const verify = isStandard ? verifyStandardWebhook : verifyPreflightSignature;
    if (verify(received, body, SECRET, golden.timestampSeconds).accepted)
      accepted.push(`${field}: ${JSON.stringify(mutated)}`);
  }
  expect(accepted).toEqual([]);
});

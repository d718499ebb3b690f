import fc from "fast-check";
import { expect, test } from "vitest";
import { isSecret, KEY_PATTERN, newSecret } from "./secret.ts";

test("a new secret has its form, is found in a text, and is never the same twice", () => {
  const secrets = Array.from({ length: 100 }, () => newSecret("ros"));
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) {
    expect(secret).toMatch(/^ros_[0-9a-hjkmnp-tv-z]{39}$/);
    expect(isSecret("ros", secret)).toBe(true);
    expect(`GET /x?key=${secret}&y`.replaceAll(KEY_PATTERN, "[key]")).toBe("GET /x?key=[key]&y");
  }
});

test("a secret of another kind is none of this kind", () => {
  expect(isSecret("ros", newSecret("roslink"))).toBe(false);
  expect(isSecret("roslink", newSecret("ros"))).toBe(false);
});

test("one wrong character is noticed", () => {
  const secret = newSecret("ros");
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: secret.length - 1 }),
      fc.constantFrom(..."0123456789abcdefghjkmnpqrstvwxyz"),
      (place, digit) => {
        fc.pre(secret[place] !== digit);
        return !isSecret("ros", secret.slice(0, place) + digit + secret.slice(place + 1));
      },
    ),
  );
});

test("any other text is none", () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => !isSecret("ros", text)));
});

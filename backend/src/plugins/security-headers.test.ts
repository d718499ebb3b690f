import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { inlineScriptHashes } from "./security-headers.ts";

const sha = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("inlineScriptHashes allows scripts written in the page and leaves those with a source to 'self'", () => {
  const html = `<head><script>a()</script><script type="module" src="/x.js"></script><script type="module">\n b() </script></head>`;
  expect(inlineScriptHashes(html)).toEqual([sha("a()"), sha("\n b() ")]);
  expect(inlineScriptHashes("<p>no script</p>")).toEqual([]);
});

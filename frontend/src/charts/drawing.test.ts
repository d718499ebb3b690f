import { expect, test } from "vitest";
import { readingHtml, readingText } from "./drawing.ts";

const reading = {
  title: "Fri <b>",
  rows: [{ name: 'Store "1" & co', value: "€5", color: "red" }],
  notes: ["<script>"],
};

test("nothing in a tooltip is taken for markup", () => {
  const html = readingHtml(reading);
  expect(html).not.toContain("<script>");
  expect(html).not.toContain("Fri <b>");
  expect(html).toContain("Store &quot;1&quot; &amp; co");
});

test("a reading can be heard as one sentence", () => {
  expect(readingText(reading)).toBe('Fri <b>, Store "1" & co €5, <script>');
});

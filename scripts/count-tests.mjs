// Prints the reasons of skipped tests, then one line: "N passed, N failed, N skipped". Plain JavaScript, for any Node.
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ file: file.name, name: test.fullName, status: test.status })),
);
const brokenFiles = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
const withStatus = (...states) => tests.filter((test) => states.includes(test.status));

const skipped = withStatus("pending", "skipped", "todo", "disabled");
const journeysSkipped = skipped.filter((test) => /[\\/]e2e[\\/]/.test(test.file));
for (const test of skipped) console.log(`skipped: ${test.name}`);
for (const file of brokenFiles) console.log(`failed to start: ${file.name}: ${file.message}`);
if (journeysSkipped.length > 0)
  console.log("the browser journeys must run here: a skipped journey counts as failed");

const failed = withStatus("failed").length + brokenFiles.length + journeysSkipped.length;
console.log(
  `${withStatus("passed").length} passed, ${failed} failed, ${skipped.length - journeysSkipped.length} skipped`,
);
process.exit(failed > 0 ? 1 : 0);

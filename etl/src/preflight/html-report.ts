import { counted, type Finding, type Level, type Verdict } from "./finding.ts";
import type { Manifest, SemanticReport, ValidationReport } from "./reports.ts";

/** The combined report, as `preflight_report.json` holds it. */
export interface CombinedReport {
  run_id: string;
  created_at: string;
  mode: string;
  source_name: string;
  final_status: Verdict;
  blocked: boolean;
  validation: ValidationReport;
  unification?: Manifest;
  semantic: SemanticReport;
}

const LEVELS: Record<Level, string> = {
  file: "File",
  header: "Header",
  row: "Rows",
  cell: "Cells",
  semantic: "Rules",
};

/**
 * A report that a person can read: one HTML page without scripts and without anything from elsewhere, light or dark as
 * the reader's system is. Everything that comes from the file is escaped.
 *
 * @param rejected name of the file with the rejected rows beside the page, or `null`
 */
export function htmlReport(report: CombinedReport, rejected: string | null): string {
  const { validation, semantic } = report;
  const findings = [...validation.findings, ...semantic.findings];
  const title = `Preflight ${report.source_name}: ${report.final_status}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="badge ${report.final_status.toLowerCase()}">${report.final_status}</p>
<h1>${escaped(validation.file_name)}</h1>
<p>${escaped(whatHappened(report))}</p>
</header>
${facts(report)}
<section>
<h2>${findings.length === 0 ? "No findings" : `${counted(findings.length, "finding")}`}</h2>
${(Object.keys(LEVELS) as Level[]).map((level) => levelSection(level, findings)).join("")}
${rejected === null ? "" : `<p>Rows that were kept out, with their reasons, are in <code>${escaped(rejected)}</code> beside this report.</p>`}
</section>
${rulesSection(semantic)}
${report.unification === undefined ? "" : unificationSection(report.unification)}
</main>
</body>
</html>
`;
}

function whatHappened(report: CombinedReport): string {
  if (report.blocked) return "Blocked, nothing changed.";
  if (report.mode === "report_only") return "Reported only; the file is loaded as it is.";
  return report.final_status === "WARN"
    ? "Clean rows are loaded, the others are set aside."
    : "The unified rows are loaded.";
}

function facts(report: CombinedReport): string {
  const { validation, unification } = report;
  const rows: [string, string][] = [
    ["Run", report.run_id],
    ["Examined", report.created_at],
    ["Mode", report.mode],
    [
      "Contract",
      `${validation.contract_id ?? "file"} ${validation.contract_version}, profile ${validation.profile}`,
    ],
    ["Rows", Number(validation.metadata.rows ?? 0).toLocaleString("en-US")],
    ["Rows accepted", (unification?.output_row_count ?? 0).toLocaleString("en-US")],
    ["Rows kept out", (unification?.rejected_row_count ?? 0).toLocaleString("en-US")],
    ["Size", `${Number(validation.metadata.file_size_bytes ?? 0).toLocaleString("en-US")} bytes`],
    ["SHA-256", validation.file_sha256 ?? "not read to the end"],
  ];
  return `<dl>${rows.map(([term, text]) => `<div><dt>${term}</dt><dd>${escaped(text)}</dd></div>`).join("")}</dl>`;
}

function levelSection(level: Level, findings: Finding[]): string {
  const own = findings.filter((finding) => finding.level === level);
  if (own.length === 0) return "";
  return `<h3>${LEVELS[level]}</h3>${own.map(findingArticle).join("")}`;
}

function findingArticle(finding: Finding): string {
  const keys = [...new Set(finding.samples.flatMap((sample) => Object.keys(sample.key)))];
  const rows = finding.samples
    .map(
      (sample) =>
        `<tr><td class="number">${sample.line ?? ""}</td><td>${escaped(sample.column ?? "")}</td>${keys
          .map((key) => `<td>${cell(sample.key[key] ?? null)}</td>`)
          .join("")}<td class="bad">${cell(sample.value)}</td><td>${escaped(sample.expected)}</td></tr>`,
    )
    .join("");
  const more = finding.count - finding.samples.length;
  return `<article>
<h4><span class="badge ${finding.severity.toLowerCase()}">${finding.severity}</span> ${escaped(finding.check)}${
    finding.column === null ? "" : ` <code>${escaped(finding.column)}</code>`
  } <small>${counted(finding.count, "place")}</small></h4>
<p>${escaped(finding.message)}</p>
${
  rows === ""
    ? ""
    : `<div class="scroll" tabindex="0" role="region" aria-label="Places of ${escaped([finding.check, finding.column ?? ""].join(" ").trim())}"><table><thead><tr><th class="number">Line</th><th>Column</th>${keys
        .map((key) => `<th>${escaped(key)}</th>`)
        .join(
          "",
        )}<th>Value</th><th>Expected</th></tr></thead><tbody>${rows}</tbody></table></div>${more > 0 ? `<p><small>… and ${more.toLocaleString("en-US")} more</small></p>` : ""}`
}
</article>`;
}

function rulesSection(semantic: SemanticReport): string {
  if (semantic.rules.length === 0)
    return `<section><h2>Rules</h2><p>${escaped(semantic.summary)}</p></section>`;
  const rows = semantic.rules
    .map(
      (rule) =>
        `<tr><td><span class="badge ${rule.status.toLowerCase()}">${rule.status}</span></td><td><code>${escaped(rule.rule_id)}</code></td><td>${escaped(rule.expectation)}</td><td>${escaped(rule.message)}</td></tr>`,
    )
    .join("");
  return `<section><h2>Rules</h2><p>${escaped(semantic.summary)}</p><div class="scroll" tabindex="0" role="region" aria-label="Rules"><table><thead><tr><th>Verdict</th><th>Rule</th><th>Demands</th><th>Found</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function unificationSection(manifest: Manifest): string {
  const renamed = new Map(Object.entries(manifest.renamed_columns).map(([from, to]) => [to, from]));
  const rows = manifest.final_canonical_columns
    .map((name) => {
      const stats = manifest.coercion_stats[name]!;
      const from = renamed.get(name) ?? name;
      return `<tr><td><code>${escaped(name)}</code></td><td>${escaped(from)}</td><td>${stats.expected_dtype}</td>${[
        stats.coerced,
        stats.invalid_to_null,
        stats.null_count_after,
      ]
        .map((count) => `<td class="number">${count.toLocaleString("en-US")}</td>`)
        .join("")}</tr>`;
    })
    .join("");
  return `<section><h2>Columns</h2><div class="scroll" tabindex="0" role="region" aria-label="Columns"><table><thead><tr><th>Column</th><th>In the file</th><th>Type</th><th class="number">Rewritten</th><th class="number">Unreadable</th><th class="number">Empty</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

const cell = (text: string | null) => (text === null ? "<em>empty</em>" : `<code>${escaped(text)}</code>`);

/** Text that cannot become markup. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --dim: #57606a; --back: #ffffff; --card: #f6f8fa; --line: #d0d7de;
  --good: #116329; --warn: #7d4e00; --bad: #a40e26; --bad-back: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9da7b3; --back: #0d1117; --card: #161b22; --line: #30363d;
  --good: #56d364; --warn: #e3b341; --bad: #ff8e85; --bad-back: #3d1518; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: .25rem 0; font-size: 1.6rem; overflow-wrap: anywhere; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; color: var(--dim); } h4 { margin: 0 0 .25rem; font-size: 1rem; }
small { color: var(--dim); font-weight: normal; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .75rem 1.5rem; margin: 1.5rem 0; }
dt { color: var(--dim); font-size: .85rem; } dd { margin: 0; overflow-wrap: anywhere; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 0 0 1rem; }
article p { margin: .25rem 0 .5rem; }
.badge { display: inline-block; margin: 0; padding: 0 .6em; border: 1px solid currentColor; border-radius: 1em; font-size: .8rem; font-weight: 600; }
.pass { color: var(--good); } .warn { color: var(--warn); } .fail, .error { color: var(--bad); } .skipped { color: var(--dim); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-top: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; }
td.bad { background: var(--bad-back); } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: inherit; }
`;

import type { GateName, GateResult, Receipt } from '../domain/receipt.ts';
import { RECEIPT_STYLE } from './receipt-style.ts';

/** What each gate asks, in words for people. */
const QUESTIONS: Readonly<Record<GateName, string>> = {
  'schema-checked': 'Is the schema sound and free of anything but definitions?',
  'schema-rehearsed': 'Does Postgres accept every statement?',
  'catalog-equals-design': 'Is the database exactly what was designed?',
  'both-ways': 'Does the change do what was planned on the rows there are, and can it be taken back?',
  types: 'Does the source type-check?',
  'sql-prepares': 'Does the database take every statement in the code?',
  tests: 'Do the backend’s own tests pass on a copy of the database?',
  boot: 'Does it start, and answer that it is ready?',
  'http-smoke': 'Does every endpoint do what its document says, for good and bad input?',
  'security-probes': 'Does it hold against injection, traversal and overreach?',
  access: 'May everybody do what the table says, and nothing else?',
  'every-route': 'Is every route that the server has documented, and was each seen to do its work?',
  golden: 'Does it answer as the release from before did, but for what the change means to change?',
  'deployed-healthy': 'Does the deployed address answer as it should?',
};

/** The receipt as one HTML page for people. It loads nothing, runs nothing, and shows the prompt as text. */
export function renderReceiptPage(receipt: Receipt): string {
  const title = `${receipt.name}: ${receipt.passed ? 'verified' : 'not verified'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${RECEIPT_STYLE}</style>
</head>
<body>
<main>
${header(receipt)}
<section aria-labelledby="gates">
<h2 id="gates">What was checked</h2>
<ol class="gates">
${receipt.gates.map(gateItem).join('\n')}
</ol>
</section>
${guarantees(receipt)}
${facts(receipt)}
</main>
</body>
</html>
`;
}

function header(receipt: Receipt): string {
  const verdict = receipt.passed ? 'passed' : 'failed';
  return `<header>
<p class="kicker">Receipt</p>
<h1>${escape(receipt.name)}</h1>
<p class="verdict ${verdict}"><span aria-hidden="true">${mark(verdict)}</span> ${escape(verdictOf(receipt))}</p>
<blockquote dir="auto">${escape(receipt.prompt)}</blockquote>
</header>`;
}

function verdictOf(receipt: Receipt): string {
  const count = (status: GateResult['status']) => receipt.gates.filter((gate) => gate.status === status).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  if (failed > 0) return `Not verified: ${failed} of ${receipt.gates.length} gates failed${rest}`;
  return `Verified: ${passed} ${passed === 1 ? 'gate' : 'gates'} passed${rest}`;
}

function gateItem(gate: GateResult): string {
  const head = `<span class="mark" role="img" aria-label="${gate.status}">${mark(gate.status)}</span>
<span class="what"><span class="name">${gate.gate}</span><span class="question">${QUESTIONS[gate.gate]}</span><span class="found">${escape(gate.summary)}</span></span>
<span class="time">${gate.status === 'skipped' ? 'skipped' : duration(gate.durationMs)}</span>`;
  if (gate.evidence.length === 0) return `<li class="${gate.status}"><div class="head">${head}</div></li>`;
  return `<li class="${gate.status}"><details${gate.status === 'failed' ? ' open' : ''}>
<summary class="head">${head}</summary>
<ul class="evidence">
${gate.evidence.map((line) => `<li>${escape(line)}</li>`).join('\n')}
</ul>
</details></li>`;
}

function guarantees(receipt: Receipt): string {
  const items = receipt.sandbox.map((line) => `<li>${escape(line)}</li>`).join('\n');
  return `<section aria-labelledby="guarantees">
<h2 id="guarantees">What kept it apart while it was checked</h2>
${items === '' ? '<p>Nothing is promised.</p>' : `<ul>\n${items}\n</ul>`}
</section>`;
}

const DESIGNS: Readonly<Record<NonNullable<Receipt['design']>, string>> = {
  given: 'given by the user',
  planned: 'planned from the prompt',
  guess: 'a guess: the planner was not sure of it',
};

function facts(receipt: Receipt): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Source', receipt.sourceHash],
    ['Schema', receipt.schemaHash ?? 'none: this backend keeps no data'],
    ['Designed by', receipt.planner === 'builtin' ? 'the built-in planner' : 'a language model'],
    ...(receipt.design === null ? [] : [['Design', DESIGNS[receipt.design]] as const]),
    ...Object.entries(receipt.versions),
    ['Project', receipt.projectId],
    ['Run', receipt.runId],
    ['Issued', new Date(receipt.createdAt * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC')],
  ];
  return `<section aria-labelledby="facts">
<h2 id="facts">What it is about</h2>
<p class="note">The hashes are SHA-256. Change one byte of the source and this receipt no longer speaks of it.</p>
<table>
${rows.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('\n')}
</table>
</section>`;
}

function mark(status: GateResult['status']): string {
  return { passed: '✓', failed: '✕', skipped: '–' }[status];
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

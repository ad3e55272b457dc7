/** The receipt page's style: light and dark, and on paper with all evidence open. */
export const RECEIPT_STYLE = `
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d2326; --soft: #5b666b; --line: #e2dfd7;
  --good: #1c7a4a; --good-soft: #e4f3ea; --bad: #b3261e; --bad-soft: #fbe7e5; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14181a; --card: #1b2124; --ink: #e6eaeb; --soft: #9aa7ac; --line: #2c3539;
  --good: #6fcf97; --good-soft: #17301f; --bad: #ff8a80; --bad-soft: #3a1c1a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .75rem; }
.kicker { margin: 0; color: var(--soft); font-size: .8rem; letter-spacing: .12em; text-transform: uppercase; }
.verdict { display: inline-block; margin: 0; padding: .3rem .8rem; border-radius: 99px; font-weight: 600; }
.verdict.passed { color: var(--good); background: var(--good-soft); }
.verdict.failed { color: var(--bad); background: var(--bad-soft); }
blockquote { margin: 1.25rem 0 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--line);
  color: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.gates { list-style: none; margin: 0; padding: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.gates > li + li { border-top: 1px solid var(--line); }
.head { display: grid; grid-template-columns: 1.5rem 1fr auto; gap: .75rem; padding: .8rem 1rem; align-items: start; }
summary.head { cursor: pointer; list-style: none; }
summary.head::-webkit-details-marker { display: none; }
summary.head:hover { background: color-mix(in srgb, var(--line) 30%, transparent); }
summary.head:focus-visible { outline: 2px solid var(--good); outline-offset: -2px; }
.mark { font-weight: 700; text-align: center; }
.passed > .head .mark, .passed > details .mark { color: var(--good); }
.failed > .head .mark, .failed > details .mark { color: var(--bad); }
.skipped { color: var(--soft); }
.what span { display: block; }
.name { font-weight: 600; }
summary .name::after { content: " ▸"; color: var(--soft); font-weight: 400; }
details[open] > summary .name::after { content: " ▾"; }
.question { color: var(--soft); font-size: .9rem; }
.found { overflow-wrap: anywhere; }
.failed .found { color: var(--bad); }
.time { color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.evidence { margin: 0; padding: 0 1rem 1rem 3.25rem; list-style: none;
  font: .82rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--soft); }
.evidence li { padding: .1rem 0; overflow-wrap: anywhere; white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { width: 9rem; font-weight: 500; color: var(--soft); }
td { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .82rem; overflow-wrap: anywhere; }
.note { color: var(--soft); font-size: .9rem; margin: 0 0 .75rem; }
@media print {
  body { background: none; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .gates { border-radius: 0; overflow: visible; }
  .gates > li { break-inside: avoid-page; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  summary .name::after { content: "" !important; }
}
`;

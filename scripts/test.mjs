// Runs the tests tier by tier with the Node that runs this script, and ends with the totals of all tiers.
import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const UNIT = ['src/**/*.test.ts', 'bench/**/*.test.ts', 'test/*.test.ts'];
const PROCESSES = { integration: 'test/integration/**/*.test.ts', e2e: 'test/e2e/**/*.test.ts' };

const wanted = process.argv.slice(2);
const totals = { pass: 0, fail: 0, skipped: 0 };
let failed = false;

// In one process: quick, and module state would show.
if (isWanted('unit')) await runFiles('unit', ['--test-isolation=none', ...find(UNIT)]);
await runBeside(Object.entries(PROCESSES).flatMap(([tier, pattern]) => (isWanted(tier) ? find([pattern]) : [])));

process.stdout.write(`\ntests: ${totals.pass} passed, ${totals.fail} failed, ${totals.skipped} skipped\n`);
process.exitCode = failed || totals.pass === 0 ? 1 : 0;

function isWanted(tier) {
  return wanted.length === 0 || wanted.includes(tier);
}

function find(patterns) {
  return patterns.flatMap((pattern) => globSync(pattern)).toSorted();
}

/**
 * Several files at a time, one more than there are processors, as most of them wait for others: for a process to start,
 * a lease to end. The longest first, as far as their size tells, so that none is left alone at the end.
 */
async function runBeside(files) {
  const waiting = files.toSorted((a, b) => weightOf(b) - weightOf(a));
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await runFiles(file, [file]);
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane));
}

/** End-to-end tests make whole backends. */
function weightOf(file) {
  return statSync(file).size + (file.startsWith('test/e2e') ? 1e6 : 0);
}

/** Runs node's test runner, prints what it printed when it has ended, and adds up the totals it closes with. */
function runFiles(title, args) {
  return new Promise((resolve) => {
    const startedAtMs = Date.now();
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', '--test-timeout=600000', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));
    child.on('close', (code) => {
      const output = Buffer.concat(printed).toString();
      process.stdout.write(`\n${title} (${Math.round((Date.now() - startedAtMs) / 1000)} s)\n${output}`);
      for (const name of Object.keys(totals)) {
        totals[name] += Number([...output.matchAll(new RegExp(`^ℹ ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
      }
      if (code !== 0) failed = true;
      resolve();
    });
  });
}

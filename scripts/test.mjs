// Runs the tests tier by tier with the Node that runs this script, and ends with the totals of all tiers.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';

const TIERS = {
  // In one process: quick, and module state would show.
  unit: { patterns: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'test/*.test.ts'], options: ['--test-isolation=none'] },
  integration: { patterns: ['test/integration/**/*.test.ts'], options: ['--test-concurrency=2'] },
  e2e: { patterns: ['test/e2e/**/*.test.ts'], options: ['--test-concurrency=1'] },
};

const wanted = process.argv.slice(2);
const totals = { pass: 0, fail: 0, skipped: 0 };
let failed = false;

for (const [tier, { patterns, options }] of Object.entries(TIERS)) {
  if (wanted.length > 0 && !wanted.includes(tier)) continue;
  const files = patterns.flatMap((pattern) => globSync(pattern)).toSorted((a, b) => (a < b ? -1 : 1));
  if (files.length === 0) continue;
  process.stdout.write(`\n${tier}: ${files.length} files\n`);
  failed = (await runTier([...options, ...files])) !== 0 || failed;
}

process.stdout.write(`\ntests: ${totals.pass} passed, ${totals.fail} failed, ${totals.skipped} skipped\n`);
process.exitCode = failed || totals.pass === 0 ? 1 : 0;

/** Runs node's test runner, passes its output on and adds up the totals it closes with; resolves to its exit code. */
function runTier(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', '--test-timeout=600000', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
    });
    child.on('close', (code) => {
      for (const name of Object.keys(totals)) {
        totals[name] += Number([...output.matchAll(new RegExp(`^ℹ ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
      }
      resolve(code ?? 1);
    });
  });
}

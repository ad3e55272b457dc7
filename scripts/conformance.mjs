// Holds our MCP server to the official conformance suite: three runs, and nothing in any of them may fail.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SERVER = new URL('../test/support/mcp-conformance-server.ts', import.meta.url).pathname;
const LONGEST_RUN_MS = 300_000;

const RUNS = [
  { suite: '0.1.16', options: ['--suite', 'all'] },
  { suite: '0.2.0-alpha.12', options: ['--requirements', '2025-11-25'] },
  { suite: '0.2.0-alpha.12', options: ['--requirements', '2026-07-28'] },
];

const home = await mkdtemp(join(tmpdir(), 'turbobackend-conformance-'));
// As root, Postgres runs as another user, who has to pass through it.
await chmod(home, 0o711);
const server = spawn(process.execPath, [SERVER], {
  env: { PATH: process.env.PATH, HOME: home, TURBOBACKEND_HOME: join(home, 'state') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const closed = new Promise((resolve) => server.once('close', resolve));
const summary = [];
let failed = false;

try {
  const url = await firstLine(server);
  for (const { suite, options } of RUNS) {
    const { exitCode, output } = await runSuite(suite, url, options);
    const { passed, failures } = count(output);
    failed ||= exitCode !== 0 || failures > 0 || passed === 0;
    summary.push(`${suite} ${options.join(' ')}: ${passed} passed, ${failures} failed`);
  }
} finally {
  server.kill('SIGTERM');
  failed = (await closed) !== 0 || failed;
  await rm(home, { recursive: true, force: true });
}

process.stdout.write(`\n${summary.join('\n')}\n`);
process.exitCode = failed ? 1 : 0;

function firstLine(child) {
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('close', (code) => reject(new Error(`The server ended with ${code}`)));
  });
}

/** Runs one suite as its own package has it; resolves to its exit code and what it printed. */
function runSuite(version, url, options) {
  const args = ['-y', `@modelcontextprotocol/conformance@${version}`, 'server', '--url', url, ...options];
  return new Promise((resolve, reject) => {
    // Its reports go to the folder that it is called in.
    const child = spawn('npx', args, { cwd: home, stdio: ['ignore', 'pipe', 'inherit'], timeout: LONGEST_RUN_MS });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}

/** The totals that the suite closes with. */
function count(output) {
  const totals = [...output.matchAll(/^Total: (\d+) passed, (\d+) failed/gm)].at(-1);
  return { passed: Number(totals?.[1] ?? 0), failures: Number(totals?.[2] ?? 1) };
}

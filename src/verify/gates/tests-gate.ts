import type { CommandResult, Sandbox } from '../../sandbox/sandbox.ts';
import type { GateOutcome } from '../gate-runner.ts';

const TIMEOUT_MS = 120_000;

/**
 * Runs the project's own suite in its sandbox, one file after the other, as they share the copy of the database.
 * `nodeArguments` hold for the process of each file.
 */
export async function testsGate(
  sandbox: Sandbox,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  nodeArguments: readonly string[],
): Promise<GateOutcome> {
  const command = ['node', ...nodeArguments, '--test', '--test-reporter=tap', '--test-concurrency=1', 'test/*.test.ts'];
  return judgeTests(await sandbox.run(command, { environment, timeoutMs: TIMEOUT_MS, signal }));
}

/** Reads what the project's own suite printed (TAP). A suite that ran no test has proven nothing, so it failed. */
export function judgeTests(result: CommandResult): GateOutcome {
  const counts = Object.fromEntries(
    ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'].map((name) => [name, countOf(result.output, name)]),
  );
  const names = [...result.output.matchAll(/^\s*(?:not )?ok \d+ - (.*?)(?: # .*)?$/gm)].map(([line]) => line.trim());
  const summary = `${counts['pass']} of ${counts['tests']} tests passed`;
  const passed =
    result.exitCode === 0 && counts['fail'] === 0 && counts['cancelled'] === 0 && (counts['pass'] ?? 0) > 0;
  if (passed) return { status: 'passed', summary: withSkipped(summary, counts['skipped'] ?? 0), evidence: names };
  return {
    status: 'failed',
    summary: failure(result, counts['tests'] ?? 0, summary),
    evidence: failureEvidence(result),
  };
}

function failure(result: CommandResult, tests: number, summary: string): string {
  if (result.timedOut) return `The tests did not end within ${result.durationMs} ms`;
  if (tests === 0) return `No test ran (exit code ${result.exitCode ?? 'none'})`;
  const first = /^\s*not ok \d+ - (.*?)(?: # .*)?$/m.exec(result.output)?.[1];
  return first === undefined ? summary : `${summary}; the first that failed: ${first}`;
}

/** The blocks of the failed tests; the end of the output when there are none. */
function failureEvidence(result: CommandResult): string[] {
  const blocks = [...result.output.matchAll(/^\s*not ok \d+ - [^\n]*(?:\n\s+---\n[\s\S]*?\n\s+\.\.\.)?/gm)];
  const texts = blocks.map(([block]) => block.split('\n').slice(0, 25).join('\n').slice(0, 1500));
  return texts.length > 0 ? texts.slice(0, 10) : result.output.split('\n').slice(-30);
}

function withSkipped(summary: string, skipped: number): string {
  return skipped > 0 ? `${summary}, ${skipped} skipped` : summary;
}

function countOf(output: string, name: string): number {
  return Number([...output.matchAll(new RegExp(`^# ${name} (\\d+)`, 'gm'))].at(-1)?.[1] ?? 0);
}

import { backendEnvironment } from '../../../domain/provisioned-database.ts';
import type { CommandResult, Sandbox } from '../../../sandbox/sandbox.ts';
import { untrusted } from '../../model-text.ts';
import type { ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';
import type { Workbench } from './workbench.ts';

const TIMEOUT_MS = 120_000;
const MOST_FAILURES = 6;
const LINES_EACH = 14;
const DOCUMENT = 'openapi.json';
const DOCUMENT_MS = 30_000;

/** Runs the project's own suite, as the gates do, on the copy of the database that the other tools work on. */
export async function runTests(
  sandbox: Sandbox,
  bench: Workbench,
  input: ToolInput,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const path = input.optionalText('path') ?? 'test/*.test.ts';
  if (!/^test\/[\w./*-]+\.test\.ts$/.test(path) || path.includes('..')) {
    return refusal(path, 'path has to be a test of this project: test/<name>.test.ts');
  }
  // What runs has the copy's connections.
  await bench.stopBackend();
  const copy = await bench.copy();
  const database = copy && {
    ...backendEnvironment(copy),
    DB_NAME: `${copy.name}_not_this_one`,
    TEST_DB_NAME: copy.name,
  };
  const environment = { ...(await bench.dummies()), ...database };
  const documented = await writeDocument(sandbox, environment, signal);
  const command = ['node', '--test', '--test-reporter=tap', '--test-concurrency=1', path];
  const result = await sandbox.run(command, { environment, timeoutMs: TIMEOUT_MS, signal });
  signal.throwIfAborted();
  if (documented !== undefined) await sandbox.writeFiles([{ path: DOCUMENT, content: documented }]);
  return outcomeOf(path, result);
}

/** As `finish` does, for the suite compares it with the routes. Resolves to what it said before. */
async function writeDocument(
  sandbox: Sandbox,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const paths = (await sandbox.listFiles()).filter((path) => path === DOCUMENT);
  const [before] = await sandbox.readFiles(paths);
  await sandbox.run(['node', 'scripts/write-openapi.ts'], { environment, timeoutMs: DOCUMENT_MS, signal });
  return before?.content;
}

function outcomeOf(path: string, { output, exitCode, timedOut }: CommandResult): ToolOutcome {
  const [passed, failed] = [countOf(output, 'pass'), countOf(output, 'fail')];
  const counts = `${passed} passed, ${failed} failed`;
  if (timedOut) return failure(`${path} → no end`, `No end within two minutes.\n${untrusted('output', output)}`);
  if (exitCode === 0 && passed > 0) return { output: `${counts}.`, told: `${path} → ${counts}` };
  const blocks = failuresIn(output);
  const more = blocks.length > MOST_FAILURES ? `\n… and ${blocks.length - MOST_FAILURES} more` : '';
  const text = blocks.length > 0 ? blocks.slice(0, MOST_FAILURES).join('\n') + more : output.slice(-2000);
  return failure(`${path} → ${counts}`, `${counts}.\n${untrusted('output', text)}`);
}

/** The innermost failed tests; a suite fails with what is in it. */
function failuresIn(output: string): string[] {
  const blocks = [...output.matchAll(/^ *not ok \d+ - [^\n]*\n *---\n[^]*?\n *\.\.\.$/gm)].map(([block]) => block);
  return blocks
    .filter((block) => !block.includes("failureType: 'subtestsFailed'"))
    .map((block) => block.split('\n').slice(0, LINES_EACH).join('\n'));
}

function countOf(output: string, name: string): number {
  return Number([...output.matchAll(new RegExp(`^# ${name} (\\d+)`, 'gm'))].at(-1)?.[1] ?? 0);
}

import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { ToolCall, ToolResult } from '../../../llm/language-model.ts';
import type { WorkshopDatabase } from '../../coder.ts';
import { isRefusedPath, readChanges, writeTree, type SourceTree, type TreeChanges } from '../../source-tree.ts';
import { capped } from '../../model-text.ts';
import { whyProtected } from '../../protected-paths.ts';
import { runCommand, type CommandTerms } from './command-tool.ts';
import { queryDatabase } from './database-tool.ts';
import { callEndpoint } from './endpoint-tool.ts';
import { deleteFile, editFile, listFiles, readFile, writeFile } from './file-tools.ts';
import { runTests } from './tests-tool.ts';
import { InvalidInput, ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';
import { Workbench } from './workbench.ts';

export interface ToolTerms extends CommandTerms {
  readonly sandbox: Sandbox;
  readonly database: WorkshopDatabase | undefined;
  /** The files that the turn begins with, and those that no model has written. */
  readonly tree: SourceTree;
  readonly scaffold: SourceTree;
  readonly copyName: string | undefined;
}

/** What the calls of one turn came to: small JSON, and with the earlier turns' all that there is to know. */
export interface AppliedCalls {
  readonly results: readonly ToolResult[];
  readonly changes: TreeChanges;
  /** For watchers, a line for each call; those that reached for what they may not have apart. */
  readonly told: readonly string[];
  readonly refused: readonly string[];
  readonly copyName: string | null;
  readonly durationMs: number;
}

/** A turn with more calls than these is out of hand: none of them is carried out. */
export const MOST_CALLS = 16;
/** How many of them may fill 8 KB each before all get less. */
const FULL_ANSWERS = 6;

/**
 * Carries out a turn's calls, in order. Begins with exactly the files that the turn began with, so that doing it again
 * after a crash, on this machine or another, comes to the same.
 */
export async function applyCalls(calls: readonly ToolCall[], terms: ToolTerms): Promise<AppliedCalls> {
  if (calls.length > MOST_CALLS) return refuseAll(calls, terms);
  const startedAt = performance.now();
  const { sandbox, tree } = terms;
  await writeTree(sandbox, tree);
  const bench = new Workbench(sandbox, terms.database, terms);
  try {
    const outcomes: ToolOutcome[] = [];
    for (const call of calls) {
      terms.signal.throwIfAborted();
      outcomes.push(await carryOut(call, bench, terms));
    }
    await bench.stopBackend();
    const redact = (text: string): Promise<string> => bench.redact(text);
    const left = await settle(sandbox, tree, redact);
    const share = Math.min(1, FULL_ANSWERS / Math.max(1, calls.length));
    const lines = await Promise.all(
      calls.map(async (call, index) => ({
        text: await redact(`${call.name} ${outcomes[index]?.told ?? ''}`.trim()),
        refused: outcomes[index]?.refused === true,
      })),
    );
    return {
      results: await Promise.all(
        calls.map(async (call, index) => ({
          callId: call.id,
          name: call.name,
          output:
            capped(await redact(outcomes[index]?.output ?? ''), share) + (index === calls.length - 1 ? left.note : ''),
          failed: outcomes[index]?.failed === true,
        })),
      ),
      changes: left.changes,
      told: lines.flatMap(({ text, refused }) => (refused ? [] : [text])),
      refused: [...lines.flatMap(({ text, refused }) => (refused ? [text] : [])), ...left.refused],
      copyName: bench.copyName ?? null,
      durationMs: Math.round(performance.now() - startedAt),
    };
  } finally {
    await bench.stopBackend();
  }
}

async function carryOut(call: ToolCall, bench: Workbench, terms: ToolTerms): Promise<ToolOutcome> {
  if (call.input === undefined) return failure('', 'The input is no JSON object. Write the call again.');
  const { sandbox, database, scaffold, signal } = terms;
  const input = new ToolInput(call.input);
  const changing = async (change: Promise<ToolOutcome>): Promise<ToolOutcome> => {
    await bench.stopBackend();
    return change;
  };
  try {
    switch (call.name) {
      case 'list_files':
        return await listFiles(sandbox, input);
      case 'read_file':
        return await readFile(sandbox, input);
      case 'write_file':
        return await changing(writeFile(sandbox, input));
      case 'edit_file':
        return await changing(editFile(sandbox, input));
      case 'delete_file':
        return await changing(deleteFile(sandbox, input, scaffold));
      case 'run_command':
        return await changing(runCommand(sandbox, input, terms));
      case 'query_database':
        return await queryDatabase(database, bench, input);
      case 'call_endpoint':
        return await callEndpoint(bench, input, signal);
      case 'run_tests':
        return await runTests(sandbox, bench, input, signal);
      default:
        return failure('', 'There is no such tool.');
    }
  } catch (error) {
    if (error instanceof InvalidInput) return failure('', `${error.message}.`);
    if (isRefusedPath(error)) return refusal('', error.message);
    throw error;
  }
}

/** Half of a turn's calls done would leave the model to guess which. */
function refuseAll(calls: readonly ToolCall[], { copyName }: ToolTerms): AppliedCalls {
  const output = `Nothing of this turn was done: ${calls.length} calls are more than the ${MOST_CALLS} of one turn. Send them again in smaller turns.`;
  return {
    results: calls.map(({ id, name }) => ({ callId: id, name, output, failed: true })),
    changes: {},
    told: [`${calls.length} calls in one turn → none was carried out, ${MOST_CALLS} is the most`],
    refused: [],
    copyName: copyName ?? null,
    durationMs: 0,
  };
}

/** What the turn has changed. A command may have touched what no tool would: that is taken back. */
async function settle(
  sandbox: Sandbox,
  tree: SourceTree,
  redact: (text: string) => Promise<string>,
): Promise<{ readonly changes: TreeChanges; readonly refused: readonly string[]; readonly note: string }> {
  const read = await readChanges(sandbox, tree).catch((error: unknown) => {
    if (isRefusedPath(error)) return undefined;
    throw error;
  });
  if (!read) {
    const note = 'changed the project’s folder beyond what it may hold';
    return { changes: {}, refused: [note], note: `\nThe turn's changes were taken back: it ${note}.` };
  }
  const taken = [...Object.keys(read.changes).filter((path) => whyProtected(path) !== undefined), ...read.tooLarge];
  const kept = Object.entries(read.changes).filter(([path]) => !taken.includes(path));
  // What runs has a password, and may have written it down.
  const clean = kept.map(async ([path, text]) => [path, text === null ? null : await redact(text)] as const);
  const changes = Object.fromEntries(await Promise.all(clean));
  if (taken.length === 0) return { changes, refused: [], note: '' };
  const list = taken.slice(0, 10).join(', ');
  return { changes, refused: [`changed ${list}`], note: `\nTaken back, as it may not be changed: ${list}.` };
}

import { isDatabaseAway } from '../../domain/database-away.ts';
import { TurboError } from '../../domain/errors.ts';
import { dummySecrets } from '../../domain/project-secrets.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { renewReadme } from '../../scaffold/scaffold.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Workshop } from '../coder.ts';
import { isRefusedPath, writeTree, type SourceTree, type TreeChanges } from '../source-tree.ts';
import { failureSignature, gateReport } from '../gate-report.ts';
import { brief } from '../model-text.ts';

export interface GateCheck {
  readonly passed: boolean;
  /** One line for people. */
  readonly summary: string;
  /** For the model: what failed first, where. Empty when nothing did. */
  readonly report: string;
  /** The same when the gates fail in the same way. */
  readonly signature: string;
  /** `openapi.json` and what the README says of it, brought up to date with the routes. */
  readonly changes: TreeChanges;
  readonly durationMs: number;
}

const DOCUMENT = 'openapi.json';
const EXAMPLE = '.env.example';
const README = 'README.md';

/** Holds exactly these files to the gates, with the document that belongs to them. */
export async function checkGates(
  workshop: Workshop,
  tree: SourceTree,
  schema: DatabaseSchema | undefined,
  signal: AbortSignal,
): Promise<GateCheck> {
  const startedAt = performance.now();
  const sandbox = await workshop.openSandbox();
  await writeTree(sandbox, tree);
  const environment = dummySecrets([{ path: EXAMPLE, content: tree.get(EXAMPLE) ?? '' }]);
  const written = await sandbox.run(['node', 'scripts/write-openapi.ts'], { environment, timeoutMs: 30_000, signal });
  signal.throwIfAborted();
  const document = await readDocument(sandbox);
  const readme = renewedReadme(tree, document);
  if (readme !== undefined) await sandbox.writeFiles([{ path: README, content: readme }]);
  const judged = judge(await runGates(workshop, signal), sandbox.directory, schema);
  // Where the gates found nothing else: otherwise it is the same trouble once more.
  const trouble = written.exitCode === 0 || judged.report !== '' ? '' : lastLines(written.output);
  return {
    ...judged,
    ...(trouble === '' ? {} : unwritten(trouble)),
    changes: {
      ...(document === undefined || document === tree.get(DOCUMENT) ? {} : { [DOCUMENT]: document }),
      ...(readme === undefined ? {} : { [README]: readme }),
    },
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function unwritten(output: string): Pick<GateCheck, 'passed' | 'summary' | 'report' | 'signature'> {
  const report = `scripts/write-openapi.ts failed:\n${output}`;
  return { passed: false, summary: brief(report, 300), report, signature: 'write-openapi' };
}

type Gates = { readonly gates: readonly GateResult[] } | { readonly trouble: string };

async function runGates(workshop: Workshop, signal: AbortSignal): Promise<Gates> {
  try {
    return { gates: await workshop.check(signal) };
  } catch (error) {
    const isCodes = error instanceof TurboError && ['VERIFICATION_FAILED', 'SANDBOX_PATH_REFUSED'].includes(error.code);
    if (signal.aborted || !isCodes || isDatabaseAway(error)) throw error;
    return { trouble: error.message };
  }
}

function judge(
  found: Gates,
  directory: string,
  schema: DatabaseSchema | undefined,
): Pick<GateCheck, 'passed' | 'summary' | 'report' | 'signature'> {
  if ('trouble' in found) {
    return { passed: false, summary: found.trouble, report: found.trouble, signature: found.trouble };
  }
  const { gates } = found;
  const [first, ...more] = gates.filter(({ status }) => status === 'failed');
  if (!first) return { passed: true, summary: 'every gate passed', report: '', signature: '' };
  return {
    passed: false,
    summary: `${[first, ...more].map(({ gate }) => gate).join(', ')} failed: ${brief(first.summary, 300)}`,
    report: gateReport(gates, directory, schema),
    signature: failureSignature(gates),
  };
}

async function readDocument(sandbox: Sandbox): Promise<string | undefined> {
  return sandbox.readFile(DOCUMENT).catch((error: unknown) => {
    if (isRefusedPath(error)) return undefined;
    throw error;
  });
}

/** Undefined when it says all that it should, or there is none. */
function renewedReadme(tree: SourceTree, document: string | undefined): string | undefined {
  const readme = tree.get(README);
  const parsed = document === undefined ? undefined : parseObject(document);
  if (readme === undefined || parsed === undefined) return undefined;
  const left = [...tree].filter(([, content]) => content.includes('new Problem(501')).map(([path]) => path);
  const renewed = renewReadme(readme, parsed, left);
  return renewed === readme ? undefined : renewed;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-15).join('\n').slice(-1800);
}

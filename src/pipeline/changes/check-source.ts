import { keptSchema, migrateDatabase, withOwner } from '../../changes/changes.ts';
import { gateFindings, writeTree } from '../../coder/coder.ts';
import type { SourceCheck } from '../../domain/change-plan.ts';
import { isDatabaseAway } from '../../domain/database-away.ts';
import { TurboError, type FailureCode } from '../../domain/errors.ts';
import { newId, type RunId } from '../../domain/ids.ts';
import { findPlan } from '../../store/change-plans.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { keepApart } from '../keep-apart.ts';
import { holdToGates } from '../phases/verify-code.ts';
import type { RunDatabase, RunPorts } from '../run-context.ts';
import type { ChangeWork } from './change-work.ts';
import { planChange, type Planning } from './plan-change.ts';

export interface Checking extends Planning {
  readonly ports: RunPorts;
  readonly signal: AbortSignal;
}

const LONGEST_FINDING = 2000;

/**
 * Holds the source as it lies in the project's folder to the gates that a deploy holds it to, in a sandbox and on a copy of
 * the database that are gone afterwards. Nothing of the project is changed.
 */
export async function checkSource(checking: Checking): Promise<SourceCheck> {
  const planned = await orFinding(['CHANGE_REFUSED', 'CHANGE_CONFLICT'], 'plan', () =>
    planChange(checking, { kind: 'deploy' }),
  );
  if ('finding' in planned) return { passed: false, plan: undefined, gates: [], findings: [planned.finding] };
  const record = await findPlan<ChangeWork>(checking.pool, planned.result.planId);
  if (!record) throw new Error('The plan that was just made is not there');
  return { ...(await runGates(checking, record.work)), plan: planned.result };
}

async function runGates(checking: Checking, work: ChangeWork): Promise<Omit<SourceCheck, 'plan'>> {
  const { ports, project } = checking;
  // Neither belongs to a run: should this process be killed, the sweeps find them as they find others' remains.
  const [runId, sandboxId] = [newId('run'), newId('project')];
  const database = await copyDatabase(checking, work, runId);
  try {
    const sandbox = await keepApart(await ports.sandboxes.open(sandboxId));
    const files = await ports.artifacts.load(project.id, work.sourceAfter);
    await writeTree(sandbox, new Map(files.map(({ path, content }) => [path, content])));
    return await judge(checking, sandbox, database, runId);
  } finally {
    await ports.sandboxes.remove(sandboxId);
    if (database) await ports.cluster.drop(database.name);
  }
}

/** A copy with all rows, changed as the plan says. */
async function copyDatabase(
  { ports, project: { databaseName } }: Checking,
  { database, migrations, revision }: ChangeWork,
  runId: RunId,
): Promise<RunDatabase | undefined> {
  if (databaseName === undefined) return undefined;
  const copy = await ports.cluster.clone(databaseName, runId);
  if (database) {
    const { steps, paths } = database;
    const migration = { steps, kept: keptSchema(revision), mark: runId, migrations, paths };
    await withOwner(copy, (client) => migrateDatabase(client, migration));
  }
  const { schema } = await ports.cluster.open(copy.name);
  const design = { schema: database?.target ?? schema, statements: database?.ddl ?? [], findings: [] };
  return { name: copy.name, design, designKind: 'planned', schema, gates: [] };
}

async function judge(
  { ports, project, signal }: Checking,
  sandbox: Sandbox,
  database: RunDatabase | undefined,
  runId: RunId,
): Promise<Omit<SourceCheck, 'plan'>> {
  const document = await sandbox.run(['node', 'scripts/write-openapi.ts'], { timeoutMs: 30_000, signal });
  const { id: projectId, name, prompt, databaseName } = project;
  const order = { projectId, name, prompt, databaseName, schemaSql: undefined, change: undefined };
  const held = await orFinding(['VERIFICATION_FAILED', 'SANDBOX_PATH_REFUSED'], 'source', () =>
    holdToGates({ order, ports, steps: { runId } }, database, sandbox, { signal, onGate: () => Promise.resolve() }),
  );
  if ('finding' in held) return { passed: false, gates: [], findings: [held.finding] };
  const { gates, passed } = held.result.receipt;
  const found = gateFindings(gates, sandbox.directory, database?.schema);
  // Where the gates found nothing else: otherwise it is the same trouble once more.
  const unwritten =
    document.exitCode === 0 || found.length > 0 ? [] : [{ about: 'openapi.json', report: tail(document.output) }];
  return {
    passed: passed && unwritten.length === 0,
    gates: gates.map(({ gate, status, summary }) => ({ gate, status, summary })),
    findings: [...found, ...unwritten],
  };
}

type Finding = SourceCheck['findings'][number];

/** What the source is to blame for is a finding; anything else is a failure of the call. */
async function orFinding<T>(
  codes: readonly FailureCode[],
  about: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | { readonly finding: Finding }> {
  try {
    return { result: await work() };
  } catch (error) {
    const isSources = error instanceof TurboError && codes.includes(error.code) && !isDatabaseAway(error);
    if (!isSources) throw error;
    const fix = error.fix === undefined ? '' : `\n${error.fix}`;
    return { finding: { about, report: `${error.message}${fix}`.slice(0, LONGEST_FINDING).toWellFormed() } };
  }
}

function tail(output: string): string {
  return `scripts/write-openapi.ts failed:\n${output
    .trim()
    .slice(-LONGEST_FINDING + 100)
    .toWellFormed()}`;
}

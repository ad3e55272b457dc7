import { backendEnvironment, type ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { GateName, Receipt } from '../domain/receipt.ts';
import { dummySecrets } from '../domain/project-secrets.ts';
import { Redactor } from '../domain/redactor.ts';
import { Secret } from '../domain/secret.ts';
import { serverLines, startBackend, type BackendServer } from './backend-server.ts';
import { emptyTables } from './clone-rows.ts';
import type { ApiDocument } from './api-document.ts';
import { GateRunner, verificationError } from './gate-runner.ts';
import { NOBODY, signUpTester, type Tester } from './access/tester.ts';
import { accessGate } from './gates/access-gate.ts';
import { bootGate } from './gates/boot-gate.ts';
import { everyRouteGate, type StatusCounts } from './gates/every-route-gate.ts';
import { httpSmokeGate } from './gates/http-smoke-gate.ts';
import { securityProbesGate } from './gates/security-probes-gate.ts';
import { sqlPreparesGate } from './gates/sql-prepares-gate.ts';
import { testsGate } from './gates/tests-gate.ts';
import { typesGate } from './gates/types-gate.ts';
import { makeReceipt } from './receipt.ts';
import { RouteWatch, type SeenAnswer, type ServedRoute } from './routes/route-watch.ts';
import type { VerificationRequest } from './verification-request.ts';

/** The gates that this room runs before there is a deployment. */
const CODE_GATES: readonly GateName[] = [
  'types',
  'sql-prepares',
  'tests',
  'boot',
  'http-smoke',
  'security-probes',
  'every-route',
];

/**
 * Runs every gate that can be run before the backend is deployed, several at a time, and resolves to the receipt: also
 * when a gate fails. Leaves no copy of the database and no process behind. Rejects with `VERIFICATION_FAILED` when a
 * gate could not be carried out, and with the signal's reason when that aborts.
 */
export async function verifyBackend(request: VerificationRequest): Promise<Receipt> {
  const breakOff = new AbortController();
  const signal = AbortSignal.any([request.signal, breakOff.signal]);
  const dummies = dummySecrets(request.files);
  const redactor = redactorFor(request.database, dummies);
  const runner = new GateRunner(redactor, signal, (result) => request.onGate(result));
  const task: Task = { ...request, signal, runner, redactor, dummies };
  try {
    await (request.earlierGates.some((gate) => gate.status === 'failed')
      ? runner.skip(CODE_GATES, 'not run, as an earlier gate failed')
      : checkCode(task, breakOff));
    return makeReceipt(request, [...request.earlierGates, ...runner.results]);
  } catch (cause) {
    throw verificationError(cause, request.signal);
  }
}

interface Task extends VerificationRequest {
  readonly runner: GateRunner;
  readonly redactor: Redactor;
  /** Stand for the secrets that the backend needs. */
  readonly dummies: Readonly<Record<string, string>>;
}

async function checkCode(task: Task, breakOff: AbortController): Promise<void> {
  const [suite, server] = [checkTests(task), checkServer(task)] as const;
  await together([checkTypes(task), suite, server], breakOff);
  await checkRoutes(task, await suite, await server);
}

async function checkTypes(task: Task): Promise<void> {
  await task.runner.run('types', () => typesGate(task));
}

interface SuiteRun {
  readonly passed: boolean;
  readonly answers: readonly SeenAnswer[];
}

async function checkTests(task: Task): Promise<SuiteRun> {
  const { runner, sandbox, signal, dummies } = task;
  const watch = new RouteWatch();
  try {
    const { status } = await runner.run('tests', () =>
      withClone(task, (clone) =>
        testsGate(sandbox, { ...dummies, ...(clone && testEnvironment(clone)) }, signal, watch.nodeArguments),
      ),
    );
    return { passed: status === 'passed', answers: (await watch.read(sandbox)).answers };
  } finally {
    await watch.forget(sandbox);
  }
}

/** The suite empties the copy and fills it; the database that it must leave alone gets a name that there is not. */
function testEnvironment(clone: ProvisionedDatabase): Record<string, string> {
  return { ...backendEnvironment(clone), DB_NAME: `${clone.name}_not_this_one`, TEST_DB_NAME: clone.name };
}

/** What the running server has shown; undefined when it did not start. */
interface ServerRun {
  readonly document: ApiDocument;
  readonly routes: readonly ServedRoute[];
  readonly statuses: StatusCounts;
  readonly untried: ReadonlyMap<string, string>;
}

/** The gates that need a running server: they share it, and the copy of the database that it works on. */
async function checkServer(task: Task): Promise<ServerRun | undefined> {
  const { sandbox, signal, dummies } = task;
  return withClone(task, async (clone) => {
    if (clone) {
      await task.runner.run('sql-prepares', () => sqlPreparesGate(clone, task.files, signal));
      await emptyTables(clone);
    }
    const startedAtMs = performance.now();
    const watch = new RouteWatch();
    const { nodeArguments } = watch;
    const server = await startBackend(sandbox, { database: clone, secrets: dummies, nodeArguments, signal });
    try {
      return await checkRunning(task, server, clone, startedAtMs, watch);
    } finally {
      await server.command.stop();
      await watch.forget(sandbox);
    }
  });
}

async function checkRunning(
  task: Task,
  server: BackendServer,
  clone: ProvisionedDatabase | undefined,
  startedAtMs: number,
  watch: RouteWatch,
): Promise<ServerRun | undefined> {
  const { runner, redactor, signal, access } = task;
  const { document } = await runner.run('boot', () => bootGate(server, task.files, startedAtMs, signal));
  if (!document) {
    await runner.skip(
      ['http-smoke', 'security-probes', ...(hasAccounts(task) ? (['access'] as const) : [])],
      'not run, as the server did not start as it should',
    );
    return undefined;
  }
  const { routes } = await watch.read(task.sandbox);
  const { statuses, untried } = await runner.run('http-smoke', async () => {
    const tester = await testerFor(task, server, document, clone);
    const outcome = await httpSmokeGate(server.url, document, clone, redactor, signal, { access, tester });
    if (outcome.status === 'passed') return outcome;
    return { ...outcome, evidence: [...outcome.evidence, ...serverLines(server)] };
  });
  if (clone) await emptyTables(clone);
  const databaseName = task.originalName ?? task.database?.name;
  await runner.run('security-probes', async () => {
    const tester = await testerFor(task, server, document, clone);
    return securityProbesGate({ url: server.url, document, clone, databaseName, redactor, tester, access }, signal);
  });
  const byAccess = await checkAccess(task, server, document, clone);
  return { document, routes, statuses: addedUp(statuses, byAccess), untried };
}

function hasAccounts({ access }: Task): boolean {
  return access?.auth === 'password';
}

async function testerFor(
  task: Task,
  server: BackendServer,
  document: ApiDocument,
  clone: ProvisionedDatabase | undefined,
): Promise<Tester> {
  const { access: plan, redactor, signal } = task;
  if (!plan || !clone || !hasAccounts(task)) return NOBODY;
  return signUpTester({ url: server.url, document, clone, plan, redactor }, signal);
}

/** Who may do what; nothing where nobody signs in. */
async function checkAccess(
  task: Task,
  server: BackendServer,
  document: ApiDocument,
  clone: ProvisionedDatabase | undefined,
): Promise<StatusCounts> {
  const { access: plan, redactor, signal, runner } = task;
  if (!plan || !clone || !hasAccounts(task)) return new Map();
  await emptyTables(clone);
  const target = { url: server.url, document, clone, plan, redactor };
  const { statuses } = await runner.run('access', () => accessGate(target, signal));
  return statuses;
}

function addedUp(one: StatusCounts, other: StatusCounts): StatusCounts {
  const merged = new Map([...one].map(([id, counts]) => [id, new Map(counts)]));
  for (const [id, counts] of other) {
    const known = merged.get(id) ?? new Map<number, number>();
    for (const [status, count] of counts) known.set(status, (known.get(status) ?? 0) + count);
    merged.set(id, known);
  }
  return merged;
}

async function checkRoutes({ runner }: Task, suite: SuiteRun, server: ServerRun | undefined): Promise<void> {
  if (!server) return runner.skip(['every-route'], 'not run, as the server did not start as it should');
  const { document, routes, statuses: gates, untried } = server;
  const seen = { document, routes, gates, untried, suite: suite.answers, suitePassed: suite.passed };
  await runner.run('every-route', () => Promise.resolve(everyRouteGate(seen)));
}

async function withClone<T>(task: Task, use: (clone: ProvisionedDatabase | undefined) => Promise<T>): Promise<T> {
  if (!task.database) return use(undefined);
  const clone = await task.cloneDatabase();
  try {
    return await use(clone);
  } finally {
    // A copy that cannot be dropped now is found by the cluster's sweep when the run has ended.
    await task.dropClone(clone.name).catch(() => undefined);
  }
}

/** Waits for all; the first that breaks off makes the others do so too. */
async function together(lanes: readonly Promise<unknown>[], breakOff: AbortController): Promise<void> {
  for (const lane of lanes) lane.catch((cause: unknown) => breakOff.abort(cause));
  const broken = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (broken) throw broken.reason;
}

function redactorFor(database: ProvisionedDatabase | undefined, dummies: Task['dummies']): Redactor {
  const redactor = new Redactor();
  // An answer that holds one would hold the real one, too.
  redactor.add(...Object.values(dummies).map((value) => new Secret(value)));
  if (database) redactor.add(database.owner.password, database.app.password, database.reader.password);
  return redactor;
}

export { askOld, replayGolden, type GoldenRecord } from './golden/golden.ts';
export type { MeantDifferences, MeantInRows } from './golden/meant-differences.ts';
export { addGate } from './receipt.ts';
export { renderReceiptPage } from './receipt-page.ts';
export { verifyDeployment } from './verify-deployment.ts';
export type { VerificationRequest } from './verification-request.ts';
export type { Receipt } from '../domain/receipt.ts';

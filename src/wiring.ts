import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Config } from './config/config.ts';
import type { ClusterAccess } from './database/cluster-access.ts';
import type { ProjectId, RunId } from './domain/ids.ts';
import { Redactor } from './domain/redactor.ts';
import type { Secret } from './domain/secret.ts';
import type { RunEngine } from './engine/run-engine.ts';
import type { Cipher } from './home/cipher.ts';
import { openHome, type Home } from './home/home.ts';
import type { CallLedger, LanguageModel } from './llm/language-model.ts';
import type { RunPorts } from './pipeline/run-context.ts';
import type { TurboBackend } from './turbobackend.ts';
import type { Planner } from './planner/planner.ts';
import type { BackendRuntime } from './sandbox/backend-runtime.ts';
import type { LocalSandboxProvider } from './sandbox/local-sandbox.ts';
import type { EventHub } from './store/event-hub.ts';
import type { ControlConnection } from './store/open-control-pool.ts';
import type { Check } from './use-cases/diagnose.ts';
import type { PlanPlanner } from './use-cases/plan-backend.ts';
import type { UseCaseParts } from './use-cases/use-case-parts.ts';

/** Until there are users to tell apart, every project belongs to whoever may use the home. */
const OWNER = 'local';

const HOUSEKEEPING_MS = 60_000;
const COLLECTING_MS = 500;

const MANIFEST = new URL('../package.json', import.meta.url);

export interface OpenOptions {
  /** Whether this process carries runs out; if so, it first takes over those whose process is gone. */
  readonly work: boolean;
  /** Whether it also carries what other processes hand in, until it is told to stop. */
  readonly service?: boolean | undefined;
}

/**
 * Picks one adapter per port from the config and hands them to the use cases. The only module that names adapters, and
 * it loads only those it picks. A process that does no work opens the database when a use case first needs it.
 */
export async function openTurboBackend(config: Config, options: OpenOptions): Promise<TurboBackend> {
  const home = await openHome(config.home);
  const openPlatform = once(() => startPlatform(config, home, options));
  const resumed = options.work ? await (await openPlatform()).takeOver() : [];
  const { openUseCases } = await import('./use-cases/open-use-cases.ts');
  return openUseCases(async () => (await openPlatform()).parts, {
    resumed,
    planner: () => openPlanPlanner(config),
    checks: checksFor(config, home, openPlatform),
    down: () => bringDown(config, home),
    close: async () => {
      if (openPlatform.called()) await (await openPlatform()).close();
    },
  });
}

interface Platform {
  readonly access: ClusterAccess;
  readonly parts: UseCaseParts;
  /**
   * The runs that this process now carries on; of a service the list goes on growing. What else a crash left is cleaned
   * up in the background from here on.
   */
  takeOver(): Promise<readonly RunId[]>;
  close(): Promise<void>;
}

async function startPlatform(config: Config, home: Home, { service = false }: OpenOptions): Promise<Platform> {
  const [access, runtime] = await Promise.all([openAccess(config, home), openRuntime(home)]);
  const redactor = new Redactor();
  redactor.add(access.admin.password);
  const control = await openControl(access);
  const osUser = await operatingSystemUsers(home);
  const sandboxes = await openSandboxes(home, runtime, osUser);
  redactor.add(...modelKeys(config));
  const ports = await openPorts(home, access, control, runtime, redactor, { osUser, sandboxes });
  const engine = await makeEngine(config, control, ports, redactor, !service);
  const startEngine = once(async () => {
    // One place is for the run that a command hands in: what others hand in is theirs, or a service's.
    await engine.start({ concurrency: service ? config.maxRuns : 1 });
    return engine;
  });
  const parts: UseCaseParts = { ownerId: OWNER, pool: control.pool, hub: control.hub, ports, engine: startEngine };
  const leaving = new AbortController();
  const chores: Promise<void>[] = [];

  return {
    access,
    parts,
    async takeOver() {
      const { countUnfinishedRuns } = await import('./store/runs.ts');
      const resumed = (await countUnfinishedRuns(control.pool)) > 0 ? [...(await engine.takeOver())] : [];
      if (service || resumed.length > 0) await startEngine();
      if (service) chores.push(collectRuns(engine, resumed, leaving.signal));
      chores.push(keepHouse(parts, sandboxes, leaving.signal));
      return resumed;
    },
    async close() {
      leaving.abort();
      await engine.close();
      await Promise.all(chores);
      if (startEngine.called()) await ports.cluster.fillPool().catch(() => undefined);
      await control.hub.close();
      await ports.cluster.close();
      await control.pool.end();
    },
  };
}

/** The Postgres that everything lives in: one of ours, started if need be, or the one that was given. */
async function openAccess({ cluster }: Config, home: Home): Promise<ClusterAccess> {
  if (cluster.kind === 'given') {
    const { connectGivenCluster } = await import('./database/given-cluster.ts');
    return connectGivenCluster(cluster);
  }
  const { ensureEmbeddedPostgres } = await import('./database/embedded-postgres.ts');
  return ensureEmbeddedPostgres({ home: home.folder });
}

async function openRuntime(home: Home): Promise<BackendRuntime> {
  const { prepareBackendRuntime } = await import('./sandbox/backend-runtime.ts');
  return prepareBackendRuntime({ home: home.folder });
}

interface Control {
  readonly connection: ControlConnection;
  readonly pool: Pool;
  readonly hub: EventHub;
}

async function openControl(access: ClusterAccess): Promise<Control> {
  const { openControlPool } = await import('./store/open-control-pool.ts');
  const { migrate } = await import('./store/migrate.ts');
  const { EventHub } = await import('./store/event-hub.ts');
  const { host, port, tls, caFile, admin, controlDatabase } = access;
  const connection = { host, port, tls, caFile, database: controlDatabase, ...admin };
  const pool = openControlPool(connection);
  await migrate(pool);
  return { connection, pool, hub: new EventHub(connection, pool) };
}

async function openPorts(
  home: Home,
  access: ClusterAccess,
  { pool }: Control,
  runtime: BackendRuntime,
  redactor: Redactor,
  { osUser, sandboxes }: { readonly osUser: OsUser; readonly sandboxes: LocalSandboxProvider },
): Promise<RunPorts> {
  const { PostgresCluster } = await import('./database/postgres-cluster.ts');
  const { TemplateCoder } = await import('./coder/template-coder.ts');
  const { LocalGitHost } = await import('./source/local-git-host.ts');
  const { FolderArtifactStore } = await import('./artifacts/folder-artifact-store.ts');
  const { LocalProcessTarget } = await import('./deploy/local-process-target.ts');
  const { typescriptCommand } = await import('./sandbox/backend-runtime.ts');
  const { verifyBackend, verifyDeployment } = await import('./verify/verify.ts');
  const cipher = tellingCipher(home.cipher, redactor);
  return {
    // Where a model plans, every run gets a planner of its own, with its own ledger and budget.
    planner: await openBuiltinPlanner(),
    cluster: new PostgresCluster({ access, pool, cipher, installationId: home.installationId }),
    sandboxes,
    coder: new TemplateCoder(),
    source: new LocalGitHost(join(home.folder, 'repositories')),
    artifacts: new FolderArtifactStore(join(home.folder, 'artifacts')),
    deploy: new LocalProcessTarget({ root: join(home.folder, 'deployments'), runtime, osUser }),
    verifyBackend,
    verifyDeployment,
    typescript: typescriptCommand(runtime),
    versions: { turbobackend: ownVersion(), node: process.versions.node, postgres: access.version },
  };
}

async function openBuiltinPlanner(): Promise<Planner> {
  const { BuiltinPlanner } = await import('./planner/builtin-planner/builtin-planner.ts');
  return new BuiltinPlanner();
}

/** The ports of one run: with a model, its planner keeps what it asks and pays in the run's ledger. */
async function portsFor(runId: RunId, config: Config, pool: Pool, ports: RunPorts): Promise<RunPorts> {
  if (!config.model.choice) return ports;
  const { sumKnownCosts } = await import('./store/message-costs.ts');
  const { storedLedger } = await import('./pipeline/stored-ledger.ts');
  const model = await openModel(config, storedLedger(pool, runId), await sumKnownCosts(pool, runId));
  const { LlmPlanner } = await import('./planner/llm-planner/llm-planner.ts');
  return { ...ports, planner: new LlmPlanner(model), secondOpinion: ports.planner };
}

/** A plan belongs to no run: its calls are counted while it is made, and kept nowhere. */
async function openPlanPlanner(config: Config): Promise<PlanPlanner> {
  if (!config.model.choice) return { planner: await openBuiltinPlanner(), costUsd: () => 0 };
  const costs: (number | undefined)[] = [];
  const ledger: CallLedger = {
    find: () => Promise.resolve(undefined),
    keep: async ({ answer }) => void costs.push(answer.usage.costUsd),
  };
  const { LlmPlanner } = await import('./planner/llm-planner/llm-planner.ts');
  return {
    planner: new LlmPlanner(await openModel(config, ledger, 0)),
    costUsd: () =>
      costs.reduce<number | null>((sum, cost) => (sum === null || cost === undefined ? null : sum + cost), 0),
  };
}

/** The chosen model within what is left of the budget; its answers are recorded or replayed where that is asked for. */
async function openModel({ model }: Config, ledger: CallLedger, spentUsd: number): Promise<LanguageModel> {
  const { Budget, DEFAULT_MODELS, openLanguageModel, recordingModel, replayingModel, withLedger } =
    await import('./llm/language-model.ts');
  const { choice, recordFile, budgetUsd } = model;
  if (!choice) throw new Error('No model is chosen');
  if (choice.provider === 'recording') return withLedger(await replayingModel(choice.file), ledger);
  const settings =
    choice.provider === 'openai-compatible'
      ? choice
      : { ...choice, model: choice.model ?? DEFAULT_MODELS[choice.provider] };
  const opened = await openLanguageModel(settings, { budget: new Budget({ capUsd: budgetUsd, spentUsd }) });
  return withLedger(recordFile === undefined ? opened : recordingModel(opened, recordFile), ledger);
}

function modelKeys({ model: { choice } }: Config): readonly Secret[] {
  return choice && 'apiKey' in choice && choice.apiKey ? [choice.apiKey] : [];
}

/** Every project's passwords pass through here, so here the redactor gets to know them. */
function tellingCipher(cipher: Cipher, redactor: Redactor): Cipher {
  return {
    seal(secret) {
      redactor.add(secret);
      return cipher.seal(secret);
    },
    open(sealed) {
      const secret = cipher.open(sealed);
      redactor.add(secret);
      return secret;
    },
  };
}

async function openSandboxes(home: Home, runtime: BackendRuntime, osUser: OsUser): Promise<LocalSandboxProvider> {
  const { LocalSandboxProvider } = await import('./sandbox/local-sandbox.ts');
  return new LocalSandboxProvider({ root: join(home.folder, 'projects'), runtime, osUser });
}

type OsUser = (projectId: ProjectId) => Promise<number | undefined>;

/** Only root can run a project's processes as a user of the project's own, and must never run them as itself. */
async function operatingSystemUsers(home: Home): Promise<OsUser> {
  if (process.getuid?.() !== 0) return () => Promise.resolve(undefined);
  const { claimOsUser } = await import('./home/os-users.ts');
  return (projectId) => claimOsUser(home.folder, projectId);
}

async function makeEngine(
  config: Config,
  { connection, pool }: Control,
  ports: RunPorts,
  redactor: Redactor,
  keepsOwnRuns: boolean,
): Promise<RunEngine> {
  const { DbosEngine } = await import('./engine/dbos-engine.ts');
  const { runBody } = await import('./pipeline/run-body.ts');
  const { storedDesk } = await import('./pipeline/stored-desk.ts');
  const redact = (text: string): string => redactor.redact(text);
  const desk = storedDesk(pool, config, redact);
  return new DbosEngine({
    connection,
    pool,
    body: runBody(desk, (runId) => portsFor(runId, config, pool, ports), redact),
    keepsOwnRuns,
  });
}

/** Adds the runs that a service has taken to the list, as it takes them. */
async function collectRuns(engine: RunEngine, taken: RunId[], leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    const carried = await engine.takeOver().catch(() => []);
    taken.push(...carried.filter((runId) => !taken.includes(runId)));
    await delay(COLLECTING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

/** Cleans up what crashes left, at once and then every minute, until the process leaves. */
async function keepHouse(parts: UseCaseParts, sandboxes: LocalSandboxProvider, leaving: AbortSignal): Promise<void> {
  const { finishRemovals } = await import('./use-cases/remove-project.ts');
  while (!leaving.aborted) {
    // What cannot be done now is tried again in a minute, by us or by the next process; `doctor` tells what is left.
    await finishRemovals(parts).catch(() => undefined);
    await parts.ports.cluster.sweep().catch(() => undefined);
    await sandboxes.sweep().catch(() => undefined);
    await delay(HOUSEKEEPING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

/** Stops every deployed backend and the embedded Postgres, neither of which needs the other for it. */
async function bringDown(config: Config, home: Home): Promise<readonly string[]> {
  const { LocalProcessTarget } = await import('./deploy/local-process-target.ts');
  const { LocalSandboxProvider } = await import('./sandbox/local-sandbox.ts');
  // Nothing is started here, so nobody asks as whom.
  const settings = { runtime: await openRuntime(home), osUser: () => Promise.resolve(undefined) };
  const deployed = new LocalProcessTarget({ root: join(home.folder, 'deployments'), ...settings });
  const sandboxes = new LocalSandboxProvider({ root: join(home.folder, 'projects'), ...settings });
  const stopped = [...(await deployed.stopAll())];
  await sandboxes.stopAll();
  if (config.cluster.kind === 'embedded') {
    const { stopEmbeddedPostgres } = await import('./database/embedded-postgres.ts');
    if (await stopEmbeddedPostgres(home.folder)) stopped.push('the embedded Postgres');
  }
  return stopped;
}

/** What `doctor` looks at, from the ground up. */
function checksFor(config: Config, home: Home, openPlatform: () => Promise<Platform>): readonly Check[] {
  return [
    {
      subject: 'node',
      look: async () => ({ status: 'ok', finding: `Node ${process.versions.node} · turbobackend ${ownVersion()}` }),
    },
    { subject: 'state', look: async () => (await import('./use-cases/diagnose.ts')).checkFreeDisk(home.folder) },
    {
      subject: 'database',
      async look() {
        const { access } = await openPlatform();
        const where = `${config.cluster.kind} · PostgreSQL ${access.version} at ${access.host}:${access.port}`;
        const [open, ...more] = access.hardening ?? [];
        if (open === undefined) return { status: 'ok', finding: where };
        return { status: 'warning', finding: `${where} · ${[open, ...more].join(' · ')}` };
      },
    },
    {
      subject: 'sandbox',
      async look() {
        const { describeLocalSandbox } = await import('./sandbox/local-sandbox.ts');
        return { status: 'ok', finding: describeLocalSandbox().join(' · ') };
      },
    },
    {
      subject: 'planner',
      look: () => Promise.resolve({ status: 'ok', finding: describePlanner(config) }),
    },
    {
      subject: 'leftovers',
      async look() {
        const removed = await (await openPlatform()).parts.ports.cluster.sweep();
        return { status: 'ok', finding: removed.length === 0 ? 'none' : `removed ${removed.join(', ')}` };
      },
    },
  ];
}

function describePlanner({ model: { choice, budgetUsd } }: Config): string {
  if (!choice) return 'built-in: no model, no key, no cost';
  if (choice.provider === 'recording') return `a recording: ${choice.file}`;
  return `${choice.provider}, ${choice.model ?? 'its default model'} · at most $${budgetUsd} a run`;
}

/** Calls `make` once, however often and by however many it is asked. */
function once<T>(make: () => Promise<T>): (() => Promise<T>) & { called(): boolean } {
  let made: Promise<T> | undefined;
  return Object.assign(() => (made ??= make()), { called: () => made !== undefined });
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }).version;
}

import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Config } from '../config/config.ts';
import type { ClusterAccess } from '../database/cluster-access.ts';
import type { RunId } from '../domain/ids.ts';
import type { LocalProcessTarget } from '../deploy/local-process-target.ts';
import { Redactor } from '../domain/redactor.ts';
import { Slots } from '../domain/slots.ts';
import type { RunEngine } from '../engine/run-engine.ts';
import type { Cipher } from '../home/cipher.ts';
import { openHome, type Home } from '../home/home.ts';
import type { RunPorts } from '../pipeline/run-context.ts';
import type { TurboBackend } from '../turbobackend.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import type { EventHub } from '../store/event-hub.ts';
import { projectSecrets, type ProjectSecrets } from '../store/project-secrets.ts';
import type { ControlConnection } from '../store/open-control-pool.ts';
import type { UseCaseParts } from '../use-cases/use-case-parts.ts';
import { collectRuns, forgetOldThings, guardCluster, keepHouse } from './chores.ts';
import { checksFor, type OpenedPlatform } from './doctor-checks.ts';
import { followMove } from './follow-move.ts';
import { modelKeys, openBuiltinPlanner, openPlanPlanner, readNotation, withModel } from './open-model.ts';
import { keepPostgres } from './keep-postgres.ts';
import { knownPlacements, openLocalDeployments, openPlacements, providerKeys } from './open-placement.ts';
import { operatingSystemUsers, type OsUser } from './os-user.ts';
import { ownVersion } from '../domain/own-version.ts';

/** Whose projects are that no user of the HTTP API asked for: whoever may use the home. */
const OWNER = 'local';

export interface OpenOptions {
  /** Whether this process carries runs out; if so, it first takes over those whose process is gone. */
  readonly work: boolean;
  /** Whether it also carries what other processes hand in, until it is told to stop. */
  readonly service?: boolean | undefined;
  /** Whether the embedded Postgres that it started is stopped again at its end, unless somebody else needs it by then. */
  readonly leavesNothing?: boolean | undefined;
}

/**
 * Picks one adapter per port from the config and hands them to the use cases. No other room names adapters; this one
 * loads only those it picks. A process that does no work opens the database when a use case first needs it.
 */
export async function openTurboBackend(config: Config, options: OpenOptions): Promise<TurboBackend> {
  const home = await openHome(config.home, config.secretKey);
  const rest = options.leavesNothing ? await prepareRest(config, home) : undefined;
  const openPlatform = once(() => startPlatform(config, home, options));
  const resumed = options.work ? await (await openPlatform()).takeOver() : [];
  const { openUseCases } = await import('../use-cases/open-use-cases.ts');
  const { bringBackAll, keepUp } = await import('../deploy/keep-up.ts');
  return openUseCases(async () => (await openPlatform()).parts, {
    resumed,
    planner: () => openPlanPlanner(config),
    checks: checksFor(config, home, openPlatform),
    up: async () => bringBackAll(await (await openPlatform()).openDeployments()),
    keepUp: async (keeping) => keepUp(await (await openPlatform()).openDeployments(), keeping),
    down: () => bringDown(config, home),
    close: async () => {
      if (openPlatform.called()) await (await openPlatform()).close();
      await rest?.();
    },
  });
}

interface Platform extends OpenedPlatform {
  /**
   * The runs that this process now carries on; of a service the list goes on growing. What else a crash left is cleaned
   * up in the background from here on.
   */
  takeOver(): Promise<readonly RunId[]>;
  /** Those of this machine. */
  openDeployments(): Promise<LocalProcessTarget>;
  close(): Promise<void>;
}

async function startPlatform(config: Config, home: Home, { service = false }: OpenOptions): Promise<Platform> {
  const [access, runtime] = await Promise.all([openAccess(config, home), openRuntime(home)]);
  const redactor = new Redactor();
  redactor.add(access.admin.password);
  const control = await openControl(access);
  await followMove(home, control.pool);
  const osUser = await operatingSystemUsers(home);
  const sandboxes = await openSandboxes(home, runtime, osUser);
  redactor.add(...modelKeys(config), ...providerKeys(config));
  const cipher = tellingCipher(home.cipher, redactor);
  const secrets = projectSecrets(control.pool, cipher);
  const ports = await openPorts({ home, access, cipher, secrets, limits: config.snapshots }, control);
  const portsAt = openPlacements({ access, config, home, runtime, osUser, redactor, sandboxes });
  const engine = await makeEngine(config, control, { ports, portsAt }, redactor, !service);
  const startEngine = once(async () => {
    // One place is for the run that a command hands in: what others hand in is theirs, or a service's.
    await engine.start({ concurrency: service ? config.maxRuns : 1 });
    return engine;
  });
  const parts: UseCaseParts = {
    ownerId: OWNER,
    pool: control.pool,
    hub: control.hub,
    secrets,
    ports,
    placement: config.placement,
    placements: knownPlacements(config),
    portsAt,
    trials: new Slots(config.maxRuns),
    readNotation,
    engine: startEngine,
  };
  const leaving = new AbortController();
  const chores: Promise<void>[] = [];

  return {
    access,
    sandboxes,
    parts,
    openDeployments: () => openLocalDeployments({ access, home, runtime, osUser }),
    async takeOver() {
      const { PATIENT_WITH_DATABASES, withRetries } = await import('../domain/transient-failure.ts');
      const { countUnfinishedRuns } = await import('../store/runs.ts');
      const resumed = await withRetries(PATIENT_WITH_DATABASES, async () =>
        (await countUnfinishedRuns(control.pool)) > 0 ? [...(await engine.takeOver())] : [],
      );
      if (service || resumed.length > 0) await startEngine();
      if (service) chores.push(collectRuns(engine, resumed, leaving.signal));
      if (config.cluster.kind === 'embedded') chores.push(keepPostgres(home.folder, control.pool, leaving.signal));
      chores.push(guardCluster(parts, leaving.signal));
      chores.push(keepHouse(parts, sandboxes, leaving.signal));
      if (service)
        chores.push(forgetOldThings(parts, { home: home.folder, runtime, keepDays: config.keepDays }, leaving.signal));
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
    const { connectGivenCluster } = await import('../database/given-cluster.ts');
    return connectGivenCluster(cluster);
  }
  const { ensureEmbeddedPostgres } = await import('../database/embedded/embedded-postgres.ts');
  return ensureEmbeddedPostgres({ home: home.folder });
}

async function openRuntime(home: Home): Promise<BackendRuntime> {
  const { prepareBackendRuntime } = await import('../machine/backend-runtime.ts');
  return prepareBackendRuntime({ home: home.folder });
}

interface Control {
  readonly connection: ControlConnection;
  readonly pool: Pool;
  readonly hub: EventHub;
}

async function openControl(access: ClusterAccess): Promise<Control> {
  const { openControlPool } = await import('../store/open-control-pool.ts');
  const { migrate } = await import('../store/migrate.ts');
  const { EventHub } = await import('../store/event-hub.ts');
  const { host, port, tls, ca, admin, controlDatabase } = access;
  const connection = { host, port, tls, ca, database: controlDatabase, ...admin };
  const { PATIENT_WITH_DATABASES, withRetries } = await import('../domain/transient-failure.ts');
  const pool = openControlPool(connection);
  await withRetries(PATIENT_WITH_DATABASES, () => migrate(pool));
  return { connection, pool, hub: new EventHub(connection, pool) };
}

type CommonPorts = UseCaseParts['ports'];

interface PortParts {
  readonly home: Home;
  readonly access: ClusterAccess;
  readonly cipher: Cipher;
  readonly secrets: ProjectSecrets;
  readonly limits: Config['snapshots'];
}

async function openPorts(
  { home, access, cipher, secrets, limits }: PortParts,
  { pool }: Control,
): Promise<CommonPorts> {
  const { PostgresCluster } = await import('../database/postgres-cluster.ts');
  const { TemplateCoder } = await import('../coder/template-coder.ts');
  const { verifyBackend, verifyDeployment } = await import('../verify/verify.ts');
  const { Snapshots } = await import('../pipeline/changes/snapshots.ts');
  const cluster = new PostgresCluster({ access, pool, cipher, installationId: home.installationId });
  return {
    // Where a model plans, every run gets a planner of its own, with its own ledger and budget.
    planner: await openBuiltinPlanner(),
    cluster,
    snapshots: new Snapshots(pool, cluster, limits),
    coder: new TemplateCoder(),
    secrets,
    verifyBackend,
    verifyDeployment,
    versions: { turbobackend: ownVersion(), postgres: access.version },
  };
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
  const { LocalSandboxProvider } = await import('../sandbox/local-sandbox.ts');
  return new LocalSandboxProvider({ root: join(home.folder, 'projects'), runtime, osUser });
}

async function makeEngine(
  config: Config,
  { connection, pool }: Control,
  adapters: { readonly ports: CommonPorts; readonly portsAt: UseCaseParts['portsAt'] },
  redactor: Redactor,
  keepsOwnRuns: boolean,
): Promise<RunEngine> {
  const { DbosEngine } = await import('../engine/dbos-engine.ts');
  const { runBody } = await import('../pipeline/run-body.ts');
  const { storedRuns } = await import('../pipeline/stored-runs.ts');
  const redact = (text: string): string => redactor.redact(text);
  const runs = storedRuns(pool, config.planner, redact);
  return new DbosEngine({
    connection,
    pool,
    body: runBody(runs, (runId) => portsFor(runId, config, pool, adapters), redact),
    keepsOwnRuns,
    // What a command of its own happens to have set is no rule for the others.
    ownerConcurrency: keepsOwnRuns ? undefined : config.maxRunsPerOwner,
  });
}

/** A run goes on where its project was begun, whatever the settings of the process that carries it on. */
async function portsFor(
  runId: RunId,
  config: Config,
  pool: Pool,
  { ports, portsAt }: Parameters<typeof makeEngine>[2],
): Promise<RunPorts> {
  const { findRunPlacement } = await import('../store/projects.ts');
  return withModel(runId, config, pool, { ...ports, ...(await portsAt(await findRunPlacement(pool, runId))) });
}

/** Stops every deployed backend and the embedded Postgres, neither of which needs the other for it. */
async function bringDown(config: Config, home: Home): Promise<readonly string[]> {
  const { LocalProcessTarget } = await import('../deploy/local-process-target.ts');
  const { LocalSandboxProvider } = await import('../sandbox/local-sandbox.ts');
  // Nothing is started here, so nobody asks as whom.
  const settings = { runtime: await openRuntime(home), osUser: () => Promise.resolve(undefined) };
  const deployed = new LocalProcessTarget({ root: join(home.folder, 'deployments'), ...settings });
  const sandboxes = new LocalSandboxProvider({ root: join(home.folder, 'projects'), ...settings });
  const stopped = [...(await deployed.stopAll())];
  await sandboxes.stopAll();
  if (config.cluster.kind === 'embedded') {
    const { stopEmbeddedPostgres } = await import('../database/embedded/embedded-postgres.ts');
    if (await stopEmbeddedPostgres(home.folder)) stopped.push('the embedded Postgres');
  }
  return stopped;
}

/** Whether the home, or the cluster that was given, may hold anything; asking makes nothing. */
export async function isInUse({ cluster, home }: Config): Promise<boolean> {
  if (cluster.kind === 'given') return true;
  const { hasEmbeddedPostgres } = await import('../database/embedded/rest-postgres.ts');
  return hasEmbeddedPostgres(home);
}

/** Whether the database runs; asking starts nothing. Of a given one we know no better. */
export async function isRunning({ cluster, home }: Config): Promise<boolean> {
  if (cluster.kind === 'given') return true;
  const { findEmbeddedPostgres } = await import('../database/embedded/embedded-postgres.ts');
  return (await findEmbeddedPostgres(home)) !== undefined;
}

/** What stops the embedded Postgres when nobody needs it any more; undefined when it runs already, for somebody else. */
async function prepareRest({ cluster }: Config, home: Home): Promise<(() => Promise<unknown>) | undefined> {
  if (cluster.kind === 'given') return undefined;
  const { findEmbeddedPostgres } = await import('../database/embedded/embedded-postgres.ts');
  if (await findEmbeddedPostgres(home.folder)) return undefined;
  return async () => {
    const { LocalProcessTarget } = await import('../deploy/local-process-target.ts');
    const { stopUnusedPostgres } = await import('../database/embedded/rest-postgres.ts');
    const deployed = new LocalProcessTarget({
      root: join(home.folder, 'deployments'),
      runtime: await openRuntime(home),
      osUser: () => Promise.resolve(undefined),
    });
    const found = await Promise.all((await deployed.list()).map((projectId) => deployed.find(projectId)));
    if (!found.some((deployment) => deployment?.status === 'running')) await stopUnusedPostgres(home.folder);
  };
}

/** Calls `make` until it has resolved once, however often and by however many it is asked. */
function once<T>(make: () => Promise<T>): (() => Promise<T>) & { called(): boolean } {
  let made: Promise<T> | undefined;
  const forget = (error: unknown): never => {
    made = undefined;
    throw error;
  };
  return Object.assign(() => (made ??= make().catch(forget)), { called: () => made !== undefined });
}

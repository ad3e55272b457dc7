import { setTimeout as delay } from 'node:timers/promises';
import type { DBOS as Dbos } from '@dbos-inc/dbos-sdk';
import type { Pool, PoolClient } from 'pg';
import { withPooled } from '../postgres/open-client.ts';
import { APPLICATION, QUEUE, WORKFLOW } from './dbos-tables.ts';
import type { RunRequest } from './run-engine.ts';
import { PATIENT_WITH_DATABASES, withRetries } from '../domain/transient-failure.ts';

/** A request as the workflow's input. */
export interface KeptRequest extends RunRequest {
  /** The executor that carries the run out as long as it lives; any one when missing. */
  readonly keeper?: string;
}

export interface DbosLaunch {
  readonly pool: Pool;
  readonly executorId: string;
  readonly version: string;
  /** With 0 nothing is claimed. */
  readonly concurrency: number;
  /** How many runs of one owner may go on at a time, in all processes; undefined leaves the limit as it is. */
  readonly ownerConcurrency: number | undefined;
  readonly maxAttempts: number;
  readonly carryOut: (dbos: typeof Dbos, request: KeptRequest) => Promise<void>;
}

// Any number that nobody else in the control database locks.
const SETUP_LOCK = 7_400_002;
/** Recorded once DBOS' tables are those of the version that we are pinned to. */
const SETUP_NAME = 'dbos-5.3.0';
const CLAIM_POLL_MS = 50;
/** How many runs of one owner go on at a time, in all processes, where no service has said otherwise. */
const OWNER_CONCURRENCY = 16;

const silent = { info: ignore, debug: ignore, warn: ignore, error: ignore };

/** Launches DBOS, making its tables first where there are none. */
export async function launchDbos(launch: DbosLaunch): Promise<typeof Dbos> {
  // Loading it takes as long as a small command: only who carries runs out pays for it.
  const { DBOS } = await import('@dbos-inc/dbos-sdk');
  const workflow = (request: KeptRequest): Promise<void> => launch.carryOut(DBOS, request);
  DBOS.registerWorkflow(workflow, { name: WORKFLOW, maxRecoveryAttempts: launch.maxAttempts });
  DBOS.setConfig({
    name: APPLICATION,
    // Names the database in messages only: connections come from the pool, so that no password is in a URL.
    systemDatabaseUrl: 'postgresql://turbobackend@control/turbobackend',
    systemDatabasePool: launch.pool,
    systemDatabaseSchemaName: 'dbos',
    executorID: launch.executorId,
    applicationVersion: launch.version,
    // Its messages between workflows are not used.
    useListenNotify: false,
    ...(launch.concurrency === 0 && { listenQueues: [] }),
    logger: silent,
  });
  await withRetries(PATIENT_WITH_DATABASES, () => setUp(launch.pool, DBOS));
  await withRetries(PATIENT_WITH_DATABASES, () => launchOrShutDown(DBOS));
  if (launch.concurrency > 0) await withRetries(PATIENT_WITH_DATABASES, () => registerQueue(DBOS, launch));
  return DBOS;
}

/** Puts a run into the queue, where it may be already; false when another run has its exclusive key. */
export async function enqueueRun(dbos: typeof Dbos, version: string, request: KeptRequest): Promise<boolean> {
  const { runId, ownerId, exclusiveKey, keeper } = request;
  try {
    await dbos.enqueueWorkflowWithOptions(
      {
        workflowName: WORKFLOW,
        queueName: QUEUE,
        workflowID: runId,
        appVersion: version,
        queuePartitionKey: ownerId,
        deduplicationID: exclusiveKey,
      },
      { runId, ownerId, exclusiveKey, ...(keeper && { keeper }) } satisfies KeptRequest,
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'DBOSQueueDuplicatedError') return false;
    throw error;
  }
}

/**
 * Makes DBOS' tables and the queue, one process at a time: DBOS itself takes no lock while it makes them, and polls a
 * queue that is made after the launch only a second later.
 */
async function setUp(pool: Pool, dbos: typeof Dbos): Promise<void> {
  if (await isSetUp(pool)) return;
  await withPooled(pool, async (client) => {
    // Tried again and again, not waited for: a waiting statement would keep DBOS from making an index concurrently.
    while (!(await tryLock(client))) await delay(50);
    try {
      if (await isSetUp(pool)) return;
      await launchOrShutDown(dbos);
      try {
        await registerQueue(dbos, { concurrency: 1, ownerConcurrency: undefined });
      } finally {
        await dbos.shutdown();
      }
      await pool.query('INSERT INTO tb.schema_migrations (name, checksum) VALUES ($1, $1)', [SETUP_NAME]);
    } finally {
      // A connection that broke has lost its locks with it.
      await client.query('SELECT pg_advisory_unlock($1)', [SETUP_LOCK]).catch(ignore);
    }
  });
}

/** Half launched it could not be launched again. */
async function launchOrShutDown(dbos: typeof Dbos): Promise<void> {
  try {
    await dbos.launch();
  } catch (error) {
    await dbos.shutdown().catch(ignore);
    throw error;
  }
}

async function tryLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_lock($1) AS ok', [SETUP_LOCK]);
  return rows[0]?.ok === true;
}

async function isSetUp(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM tb.schema_migrations WHERE name = $1', [SETUP_NAME]);
  return rowCount === 1;
}

/**
 * The queue's limits hold for every process alike, so the one on what a process claims is the highest that any has asked
 * for; each keeps to its own places. An owner's limit is the one that was asked for last.
 */
async function registerQueue(
  dbos: typeof Dbos,
  { concurrency, ownerConcurrency }: Pick<DbosLaunch, 'concurrency' | 'ownerConcurrency'>,
): Promise<void> {
  const known = await dbos.retrieveQueue(QUEUE);
  const workerConcurrency = Math.max(concurrency, known?.workerConcurrency ?? 0);
  const partitionConcurrency = ownerConcurrency ?? known?.partitionConcurrency ?? OWNER_CONCURRENCY;
  const isKnown = known?.workerConcurrency === workerConcurrency && known.partitionConcurrency === partitionConcurrency;
  if (isKnown) return;
  await dbos.registerQueue(QUEUE, {
    workerConcurrency,
    partitionConcurrency,
    minPollingIntervalMs: CLAIM_POLL_MS,
    onConflict: 'always_update',
  });
}

function ignore(): void {
  // Runs tell what happens in their events.
}

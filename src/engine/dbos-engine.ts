import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { DBOS as Dbos } from '@dbos-inc/dbos-sdk';
import type { Pool } from 'pg';
import { isDatabaseAway } from '../domain/database-away.ts';
import { isDiskFull } from '../domain/disk-full.ts';
import { TurboError } from '../domain/errors.ts';
import { randomText, type RunId } from '../domain/ids.ts';
import { type ControlConnection, openControlPool } from '../store/open-control-pool.ts';
import { requestCancel } from '../store/runs.ts';
import { carryOut, InterruptedRun, runCancelled } from './carry-out.ts';
import { DbosExecution } from './dbos-execution.ts';
import { findCancelled, handBack, handBackAll, isLeaving, readClaim, readEnd, versionOf } from './dbos-tables.ts';
import { enqueueRun, type KeptRequest, launchDbos } from './launch-dbos.ts';
import { Slots } from '../domain/slots.ts';
import type { RunBody, RunEngine, RunRequest } from './run-engine.ts';
import { type Successor, isAlive, takeOver } from './take-over.ts';
import { PATIENT_WITH_A_FULL_DISK, PATIENT_WITH_DATABASES, withRetries } from '../domain/transient-failure.ts';
import { WorkerLease } from './worker-lease.ts';

/**
 * Bump it when the steps of a run that was begun before can no longer be replayed: a step added, removed, renamed or
 * moved. Runs of the number before then begin anew.
 */
const ABI = 2;

const BEAT_MS = 2000;
const END_POLL_MS = 50;
/** How long a run whose step met a database that was away waits before it is tried again. */
const INTERRUPTED_MS = 1000;
/** A run that meets a database that is away more often than this in one process may be the reason. */
const MOST_INTERRUPTIONS = 100;
/** How long a run that has told its end takes to leave the queue. */
const LEAVING_MS = 3000;

export interface DbosEngineOptions {
  /** Of the control database; the engine makes the schema `dbos` in it. */
  readonly connection: ControlConnection;
  /** To the same database, migrated. */
  readonly pool: Pool;
  readonly body: RunBody;
  /** How many runs of one owner may go on at a time, in all processes; undefined leaves the limit as it is. */
  readonly ownerConcurrency?: number | undefined;
  /** How often a run is taken up again after it ended a process, before its steps are refused. Default: 5. */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether this process carries out what is submitted through it, as long as it lives; others that claim such a run
   * leave it to this one. For a process that waits for its run. Default: false, any process will do.
   */
  readonly keepsOwnRuns?: boolean | undefined;
  /** How long `close` lets a step go on before it is told to stop. Default: 5000. */
  readonly graceMs?: number | undefined;
}

/**
 * Runs as durable workflows of DBOS. What its open edition leaves out is ours: telling which processes live, taking
 * over from those that do not, adopting the runs of older versions, undoing what ended badly. One engine per process.
 */
export class DbosEngine implements RunEngine {
  readonly #options: DbosEngineOptions;
  readonly #executorId = `${hostname()}:${process.pid}:${randomText(8)}`;
  readonly #executions = new Set<DbosExecution>();
  /** Runs whose end has been told and that DBOS is about to mark as ended. */
  readonly #finishing = new Set<RunId>();
  /** Runs that this process was given by its own caller, as long as it carries them out. */
  readonly #submitted = new Set<RunId>();
  /** How often a run of this process was put off because the database was away. */
  readonly #interruptions = new Map<RunId, number>();
  readonly #closing = new AbortController();
  #dbos: typeof Dbos | undefined;
  #dbosPool: Pool | undefined;
  #lease: WorkerLease | undefined;
  #beating: Promise<void> | undefined;
  #takingOver: Promise<readonly RunId[]> = Promise.resolve([]);
  #concurrency = 0;
  #slots = new Slots(0);

  constructor(options: DbosEngineOptions) {
    this.#options = options;
  }

  async start({ concurrency }: { readonly concurrency: number }): Promise<void> {
    const { connection, pool, maxAttempts } = this.#options;
    this.#concurrency = concurrency;
    this.#slots = new Slots(concurrency);
    this.#dbosPool = openControlPool(connection, 8);
    if (concurrency > 0) {
      const onCancel = (runId: RunId): void => this.#abort([runId]);
      this.#lease = new WorkerLease({ connection, pool, executorId: this.#executorId, abi: ABI, onCancel });
      // Before the launch: from then on runs are claimed, and a claim without a lease is anybody's.
      await this.#lease.hold();
    }
    this.#dbos = await launchDbos({
      pool: this.#dbosPool,
      executorId: this.#executorId,
      version: versionOf(ABI),
      concurrency,
      ownerConcurrency: this.#options.ownerConcurrency,
      maxAttempts: maxAttempts ?? 5,
      carryOut: (dbos, request) => this.#carryOut(dbos, request),
    });
    if (concurrency > 0) this.#beating = this.#beat();
  }

  async submit(request: RunRequest): Promise<void> {
    // DBOS may have been made to forget it by now, and would begin it again.
    if ((await readEnd(this.#options.pool, request.runId)) === 'ended') return;
    const deadline = Date.now() + LEAVING_MS;
    this.#submitted.add(request.runId);
    const keeper = this.#options.keepsOwnRuns && this.#concurrency > 0 ? this.#executorId : undefined;
    while (!(await this.#enqueue(request, keeper))) {
      if (Date.now() > deadline || !(await isLeaving(this.#options.pool, request.exclusiveKey))) {
        throw new TurboError('PROJECT_BUSY', `${request.exclusiveKey} has a run that has not ended`, {
          fix: 'Wait for it to end, or cancel it.',
        });
      }
      await delay(END_POLL_MS);
    }
  }

  async cancel(runId: RunId): Promise<void> {
    await requestCancel(this.#options.pool, runId);
  }

  takeOver(): Promise<readonly RunId[]> {
    // One at a time, so that what the beat has just submitted is not overlooked.
    const after = this.#takingOver.catch(() => undefined);
    this.#takingOver = after.then(() => this.#takeOver());
    return this.#takingOver;
  }

  async ended(runId: RunId, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const end = await readEnd(this.#options.pool, runId).catch((error: unknown) => {
        if (!isDatabaseAway(error)) throw error;
        return 'open' as const;
      });
      if (end === 'ended') return;
      if (end === undefined) throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
      await delay(END_POLL_MS, undefined, { signal });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#beating;
    const executions = [...this.#executions];
    await Promise.all(executions.map((execution) => execution.park(this.#options.graceMs ?? 5000)));
    await this.#waitForFinishing();
    // Also forgets the workflow, so that another engine of this process can register it.
    await this.#dbos?.shutdown({ deregister: true });
    if (this.#concurrency > 0) await handBackAll(this.#options.pool, this.#executorId).catch(() => undefined);
    await this.#lease?.release();
    await this.#dbosPool?.end();
    this.#dbos = undefined;
  }

  async #takeOver(): Promise<readonly RunId[]> {
    const { takenOver, ours, unsubmitted } = await takeOver(this.#options.pool, this.#successor());
    for (const request of this.#dbos ? unsubmitted : []) await this.#enqueue(request);
    // Once started, it may have claimed and even ended some of them before it was asked.
    const carried = new Set([...ours, ...this.#finishing]).difference(this.#submitted);
    return [...carried.union(new Set([...takenOver, ...unsubmitted.map(({ runId }) => runId)]))];
  }

  /** False when another run has the exclusive key. */
  async #enqueue(request: RunRequest, keeper?: string): Promise<boolean> {
    if (!this.#dbos) throw new Error('The engine has not been started');
    return await enqueueRun(this.#dbos, versionOf(ABI), keeper ? { ...request, keeper } : request);
  }

  /** The workflow's body. Whatever it rejects with ends the workflow badly, unless somebody else has the run by then. */
  async #carryOut(dbos: typeof Dbos, { runId, keeper }: KeptRequest): Promise<void> {
    const { pool } = this.#options;
    let placed = this.#slots.tryTake();
    try {
      const claim = await readClaim(pool, runId);
      const execution = new DbosExecution({ dbos, pool, runId, ...claim });
      const left = await this.#leavesToOthers(keeper, placed);
      if (left) await handBack(pool, runId, claim.ownerToken, false);
      else this.#executions.add(execution);
      // What is left to others counts as claimed until there is a place, so that DBOS does not claim it again at once.
      if (!placed) await this.#slots.take();
      placed = true;
      if (left) throw new Error(`Run ${runId} is left to others`);
      await this.#carryOutHere(execution, claim.ownerToken);
    } finally {
      if (placed) this.#slots.giveBack();
    }
  }

  async #carryOutHere(execution: DbosExecution, ownerToken: string): Promise<void> {
    if (this.#closing.signal.aborted) void execution.park(0);
    try {
      const fullDisk = this.#options.keepsOwnRuns ? undefined : PATIENT_WITH_A_FULL_DISK;
      await Promise.race([carryOut(this.#options.body, execution, { fullDisk }), execution.lost]);
      this.#finishing.add(execution.runId);
    } catch (error) {
      if (error instanceof InterruptedRun || isDatabaseAway(error) || isDiskFull(error))
        await this.#putOff(execution.runId, ownerToken);
      throw error;
    } finally {
      this.#executions.delete(execution);
    }
  }

  /** Hands back a run that only the database kept from going on; as a failed attempt once that seems to be the run's own doing. */
  async #putOff(runId: RunId, ownerToken: string): Promise<void> {
    const { pool } = this.#options;
    const times = (this.#interruptions.get(runId) ?? 0) + 1;
    this.#interruptions.set(runId, times);
    await delay(INTERRUPTED_MS);
    await withRetries(PATIENT_WITH_DATABASES, () => handBack(pool, runId, ownerToken, times > MOST_INTERRUPTIONS));
  }

  /** What another process waits for is that one's; what there is no place for is for whoever has one first. */
  async #leavesToOthers(keeper: string | undefined, placed: boolean): Promise<boolean> {
    if (keeper === this.#executorId) return false;
    return !placed || (keeper !== undefined && (await isAlive(this.#options.pool, keeper)));
  }

  /** Who has seen a run's end may close at once: without this the run would be handed back, with nothing left to do. */
  async #waitForFinishing(): Promise<void> {
    await delay(0);
    const enough = AbortSignal.timeout(1000);
    await Promise.allSettled([...this.#finishing].map((runId) => this.ended(runId, enough)));
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // A beat that fails is made up for by the next; when the database stays away, the lease tells it.
      await this.#beatOnce().catch(() => undefined);
      await delay(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #beatOnce(): Promise<void> {
    await this.#lease?.renew();
    for (const runId of this.#finishing) {
      this.#submitted.delete(runId);
      this.#interruptions.delete(runId);
    }
    this.#finishing.clear();
    const runIds = [...this.#executions].map(({ runId }) => runId);
    // What was asked while the lease's connection was away.
    if (runIds.length > 0) this.#abort(await findCancelled(this.#options.pool, runIds));
    await this.takeOver();
  }

  #abort(runIds: readonly RunId[]): void {
    for (const execution of this.#executions) {
      if (runIds.includes(execution.runId)) execution.abort(runCancelled(execution.runId));
    }
  }

  #successor(): Successor {
    return {
      executorId: this.#executorId,
      abi: ABI,
      carrying: [...this.#executions].map(({ runId }) => runId),
      trustsLeases: this.#lease?.trusted ?? false,
    };
  }
}

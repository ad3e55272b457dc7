import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { carryOut, InterruptedRun, type RunJournal, type RunState, runCancelled } from './carry-out.ts';
import type { RunBody, RunEngine, RunRequest } from './run-engine.ts';
import type { StepOutcome } from './step-outcome.ts';

interface MemoryRun {
  readonly request: RunRequest;
  readonly history: { readonly name: string; readonly outcome: StepOutcome }[];
  readonly ended: PromiseWithResolvers<void>;
  status: 'queued' | 'running' | 'ended';
  cancelled: boolean;
  claims: number;
  holder: MemoryEngine | undefined;
  execution: MemoryExecution | undefined;
}

/** What outlives an engine: the runs and the outcomes of their steps. */
export class RunMemory {
  readonly runs = new Map<RunId, MemoryRun>();
  readonly engines = new Set<MemoryEngine>();

  /** Lets every engine claim what waits. */
  wake(): void {
    for (const engine of this.engines) engine.claim();
  }
}

/** Runs in this process' memory, for tests. Engines with the same memory are to each other as processes are. */
export class MemoryEngine implements RunEngine {
  readonly #body: RunBody;
  readonly #memory: RunMemory;
  #concurrency = 0;
  #stepsLeft = Number.POSITIVE_INFINITY;
  #state: 'alive' | 'leaving' | 'dead' = 'alive';

  constructor(body: RunBody, memory = new RunMemory()) {
    this.#body = body;
    this.#memory = memory;
  }

  /** Makes the engine stand still for good once it has recorded `steps` more steps, as a killed process does. */
  crashAfter(steps: number): void {
    this.#stepsLeft = steps;
  }

  get crashed(): boolean {
    return this.#state === 'dead';
  }

  start({ concurrency }: { readonly concurrency: number }): Promise<void> {
    this.#concurrency = concurrency;
    this.#memory.engines.add(this);
    this.claim();
    return Promise.resolve();
  }

  submit(request: RunRequest): Promise<void> {
    if (this.#memory.runs.has(request.runId)) return Promise.resolve();
    if (this.#all().some((run) => run.status !== 'ended' && run.request.exclusiveKey === request.exclusiveKey)) {
      return Promise.reject(new TurboError('PROJECT_BUSY', `${request.exclusiveKey} has a run that has not ended`));
    }
    const ended = Promise.withResolvers<void>();
    this.#memory.runs.set(request.runId, {
      request,
      history: [],
      ended,
      status: 'queued',
      cancelled: false,
      claims: 0,
      holder: undefined,
      execution: undefined,
    });
    this.#memory.wake();
    return Promise.resolve();
  }

  cancel(runId: RunId): Promise<void> {
    const run = this.#memory.runs.get(runId);
    if (run && run.status !== 'ended') {
      run.cancelled = true;
      run.execution?.abort(runCancelled(runId));
    }
    return Promise.resolve();
  }

  takeOver(): Promise<readonly RunId[]> {
    const lost = this.#all().filter((run) => run.status === 'running' && run.holder?.crashed);
    for (const run of lost) run.status = 'queued';
    this.#memory.wake();
    return Promise.resolve(lost.map((run) => run.request.runId));
  }

  async ended(runId: RunId, signal?: AbortSignal): Promise<void> {
    const run = this.#memory.runs.get(runId);
    if (!run) throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
    const aborted = Promise.withResolvers<never>();
    signal?.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
    await Promise.race([run.ended.promise, aborted.promise]);
  }

  async close(): Promise<void> {
    this.#memory.engines.delete(this);
    if (this.#state === 'dead') return;
    this.#state = 'leaving';
    const mine = this.#all().filter((run) => run.holder === this && run.status === 'running');
    await Promise.all(mine.map(async (run) => await run.execution?.leave()));
    for (const run of mine) if (run.status === 'running') run.status = 'queued';
    this.#memory.wake();
  }

  /** Takes what waits, as far as this engine and the runs' owners have places left. */
  claim(): void {
    for (const run of this.#all()) {
      if (run.status !== 'queued' || this.#state !== 'alive') continue;
      const running = this.#all().filter((other) => other.status === 'running');
      const here = running.filter((other) => other.holder === this);
      const owners = running.filter((other) => other.request.ownerId === run.request.ownerId);
      if (here.length < this.#concurrency && owners.length < this.#concurrency) void this.#carryOut(run);
    }
  }

  /** Counts a step that is about to be recorded; false when the engine does not live to record it. */
  survivesStep(): boolean {
    if (this.#stepsLeft <= 0) this.#state = 'dead';
    this.#stepsLeft -= 1;
    return this.#state !== 'dead';
  }

  get parks(): boolean {
    return this.#state !== 'alive';
  }

  async #carryOut(run: MemoryRun): Promise<void> {
    run.claims += 1;
    run.status = 'running';
    run.holder = this;
    run.execution = new MemoryExecution(this, run);
    try {
      await carryOut(this.#body, run.execution);
      run.status = 'ended';
      run.ended.resolve();
    } catch (error) {
      if (error instanceof InterruptedRun) run.status = 'queued';
      else run.ended.reject(error);
    }
    this.#memory.wake();
  }

  #all(): readonly MemoryRun[] {
    return [...this.#memory.runs.values()];
  }
}

class MemoryExecution implements RunJournal {
  readonly runId: RunId;
  readonly resumed: boolean;
  readonly #engine: MemoryEngine;
  readonly #run: MemoryRun;
  readonly #abort = new AbortController();
  readonly #steps = new Set<Promise<unknown>>();
  #place = 0;

  constructor(engine: MemoryEngine, run: MemoryRun) {
    this.#engine = engine;
    this.#run = run;
    this.runId = run.request.runId;
    this.resumed = run.claims > 1;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  async leave(): Promise<void> {
    this.#abort.abort(new Error('This process is leaving'));
    await Promise.all(this.#steps);
  }

  async record(name: string, attempt: (state: RunState) => Promise<StepOutcome>): Promise<StepOutcome> {
    const place = this.#place++;
    const known = this.#run.history[place];
    if (known && known.name !== name) throw new Error(`Step ${place} was ${known.name} and is now ${name}`);
    if (known) return known.outcome;
    if (this.#engine.parks) return await new Promise<never>(() => undefined);

    const attempted = attempt({ cancelled: this.#run.cancelled, refusal: 0 });
    this.#steps.add(attempted);
    const outcome = await attempted;
    this.#steps.delete(attempted);
    const interrupted = this.#engine.parks && outcome.status === 'failed';
    if (interrupted || !this.#engine.survivesStep()) return await new Promise<never>(() => undefined);
    this.#run.history[place] = { name, outcome };
    return outcome;
  }
}

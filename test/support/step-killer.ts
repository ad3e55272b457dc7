import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { CommandEnd, TestHome } from './cli.ts';

/** Whether a step's effect is all there is of it when its process is killed, or its outcome is recorded as well. */
export type Boundary = 'done' | 'recorded';

// What records a step waits as long as we hold this lock.
const LOCK = 4711;
const HOLD_STEPS = `
  CREATE OR REPLACE FUNCTION dbos.hold_step() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NEW; END $$;
  CREATE OR REPLACE TRIGGER hold_step BEFORE INSERT ON dbos.operation_outputs
    FOR EACH ROW EXECUTE FUNCTION dbos.hold_step()`;

/** Kills the processes of commands at the boundaries of a run's steps, for real. */
export class StepKiller {
  readonly #home: TestHome;
  readonly #client: Client;

  private constructor(home: TestHome, client: Client) {
    this.#home = home;
    this.#client = client;
  }

  /** The home's Postgres has to run. */
  static async open(home: TestHome): Promise<StepKiller> {
    const client = await superuserOf(home, 'tb_control');
    await client.query(HOLD_STEPS);
    return new StepKiller(home, client);
  }

  /** Runs the command until a step has been done, lets `passing` more of them pass first, and kills it there. Resolves to the step's name. */
  async kill(args: readonly string[], boundary: Boundary, passing = 0): Promise<string> {
    await this.#client.query(`SELECT pg_advisory_lock(${LOCK})`);
    let child: ChildProcess | undefined;
    const end = this.#home.start(
      args,
      () => undefined,
      (started) => (child = started),
    );
    try {
      for (let passed = 0; passed < passing; passed += 1) await this.#letPass(end);
      const step = boundary === 'recorded' ? await this.#letPass(end) : await this.#waiting(end);
      child?.kill('SIGKILL');
      await end;
      await this.#forget();
      return step;
    } finally {
      await this.#client.query('SELECT pg_advisory_unlock_all()');
    }
  }

  async close(): Promise<void> {
    await this.#client.query('DROP FUNCTION dbos.hold_step CASCADE');
    await this.#client.end();
  }

  /** Has the step that waits recorded, and nothing after it; resolves to its name. */
  async #letPass(end: Promise<CommandEnd>): Promise<string> {
    await this.#waiting(end);
    const before = await this.#count();
    await this.#client.query('SELECT pg_advisory_unlock_all()');
    while ((await this.#count()) === before) await delay(1);
    await this.#client.query(`SELECT pg_advisory_lock(${LOCK})`);
    const { rows } = await this.#client.query<{ function_name: string }>(
      'SELECT function_name FROM dbos.operation_outputs ORDER BY completed_at_epoch_ms DESC, function_id DESC LIMIT 1',
    );
    return rows[0]?.function_name ?? '';
  }

  async #count(): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM dbos.operation_outputs',
    );
    return rows[0]?.count ?? 0;
  }

  /** Resolves when a step waits to be recorded. */
  async #waiting(end: Promise<CommandEnd>): Promise<string> {
    let ended: CommandEnd | undefined;
    void end.then((value) => (ended = value));
    for (;;) {
      const { rows } = await this.#client.query<{ pid: number }>(
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`,
      );
      if (rows.length > 0) return 'done, not recorded';
      if (ended) throw new Error(`The command ended before it was killed: ${ended.stdout}${ended.stderr}`);
      await delay(2);
    }
  }

  /** What the killed process was about to record is not recorded: Postgres would not notice for itself. */
  async #forget(): Promise<void> {
    await this.#client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`,
    );
    await delay(20);
  }
}

export async function superuserOf(home: TestHome, database: string): Promise<Client> {
  const file = join(home.folder, 'state', 'cluster', 'cluster.json');
  const { port, superuserPassword: password } = JSON.parse(await readFile(file, 'utf8')) as {
    port: number;
    superuserPassword: string;
  };
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
  await client.connect();
  return client;
}

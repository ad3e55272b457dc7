import pg from 'pg';
import { DatabaseUnavailable, isConnectionLost, hasNotRun } from './database-unavailable.ts';
import { namedStatement, type Statement } from './statement.ts';

/** One connection that many reads use at once, each sent without waiting for the one before. Connects anew when lost. */
export class ReadLane {
  readonly #options: pg.ClientConfig;
  #client: Promise<pg.Client> | undefined;

  constructor(options: pg.ClientConfig) {
    this.#options = options;
  }

  async read(statement: Statement): Promise<readonly Record<string, unknown>[]> {
    try {
      return await this.#run(statement);
    } catch (error) {
      if (!isConnectionLost(error) && !hasNotRun(error)) throw error;
    }
    // Reading twice does no harm, and a restart of Postgres then goes unnoticed.
    return this.#run(statement).catch((error: unknown) => {
      throw isConnectionLost(error) ? new DatabaseUnavailable(error) : error;
    });
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  async #run(statement: Statement): Promise<readonly Record<string, unknown>[]> {
    const connected = (this.#client ??= this.#connect());
    try {
      const { rows } = await (await connected).query<Record<string, unknown>>(namedStatement(statement));
      return rows;
    } catch (error) {
      // Whoever comes next must not wait for the connection's own farewell.
      if (error instanceof DatabaseUnavailable || isConnectionLost(error)) this.#forget(connected);
      // What else is under way on it is lost, and reads again.
      if (hasNotRun(error) && this.#forget(connected)) void (await connected).end().catch(() => undefined);
      throw error;
    }
  }

  #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, pipeline: true });
    const connected = client.connect().then(
      () => client,
      (cause: unknown) => {
        throw new DatabaseUnavailable(cause);
      },
    );
    client.on('error', () => this.#forget(connected));
    client.on('end', () => this.#forget(connected));
    return connected;
  }

  /** Whether it was still in use. */
  #forget(connected: Promise<pg.Client>): boolean {
    if (this.#client !== connected) return false;
    this.#client = undefined;
    return true;
  }
}

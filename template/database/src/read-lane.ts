import pg from 'pg';
import { DatabaseUnavailable, isConnectionLost } from './database-unavailable.ts';
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
      if (!isConnectionLost(error)) throw error;
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
    const client = await (this.#client ??= this.#connect());
    const { rows } = await client.query<Record<string, unknown>>(namedStatement(statement));
    return rows;
  }

  #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, pipeline: true });
    const connected = client.connect().then(
      () => client,
      (cause: unknown) => {
        forget();
        throw new DatabaseUnavailable(cause);
      },
    );
    const forget = (): void => {
      if (this.#client === connected) this.#client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    return connected;
  }
}

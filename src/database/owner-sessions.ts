import type { Client } from 'pg';

/**
 * Connections logged in as a database's owner, kept from the claim until the tables are made: the rehearsal warms up
 * the server process that then makes them. One per database, to be ended before the database is copied.
 */
export class OwnerSessions {
  readonly #open: (databaseName: string) => Promise<Client>;
  readonly #sessions = new Map<string, Promise<Client>>();

  /** `open` logs in as the owner of the database. */
  constructor(open: (databaseName: string) => Promise<Client>) {
    this.#open = open;
  }

  get(databaseName: string): Promise<Client> {
    const found = this.#sessions.get(databaseName);
    if (found) return found;
    const opening = this.#open(databaseName);
    this.#sessions.set(databaseName, opening);
    const forget = (): void => {
      if (this.#sessions.get(databaseName) === opening) this.#sessions.delete(databaseName);
    };
    opening.then((client) => client.once('end', forget), forget);
    return opening;
  }

  async end(databaseName: string): Promise<void> {
    const session = this.#sessions.get(databaseName);
    this.#sessions.delete(databaseName);
    await session?.then(
      (client) => client.end(),
      () => undefined,
    );
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((name) => this.end(name)));
  }
}

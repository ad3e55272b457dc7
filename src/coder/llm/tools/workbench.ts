import { backendEnvironment, type ProvisionedDatabase } from '../../../domain/provisioned-database.ts';
import { dummySecrets } from '../../../domain/project-secrets.ts';
import { Redactor } from '../../../domain/redactor.ts';
import type { RunningCommand, Sandbox } from '../../../sandbox/sandbox.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkshopDatabase } from '../../coder.ts';

export interface RunningBackend {
  readonly url: string;
  readonly command: RunningCommand;
}

const START_MS = 20_000;

/** The copy of the database and the running backend that the calls of one turn share; both made when first needed. */
export class Workbench {
  readonly #sandbox: Sandbox;
  readonly #database: WorkshopDatabase | undefined;
  readonly #signal: AbortSignal;
  readonly #redactor = new Redactor();
  #copyName: string | undefined;
  #opened: Promise<ProvisionedDatabase> | undefined;
  #copy: ProvisionedDatabase | undefined;
  #backend: RunningBackend | undefined;

  /** `copyName`: the copy that an earlier turn has made. */
  constructor(
    sandbox: Sandbox,
    database: WorkshopDatabase | undefined,
    { copyName, signal }: { readonly copyName: string | undefined; readonly signal: AbortSignal },
  ) {
    this.#sandbox = sandbox;
    this.#database = database;
    this.#copyName = copyName;
    this.#signal = signal;
  }

  get copyName(): string | undefined {
    return this.#copyName;
  }

  /** Takes the database's passwords out of what goes to the model and into records. */
  async redact(text: string): Promise<string> {
    if (this.#database) this.#know(this.#copy ?? (await this.#original(this.#database)));
    return this.#redactor.redact(text);
  }

  /** Undefined for a backend without a database. */
  async copy(): Promise<ProvisionedDatabase | undefined> {
    if (!this.#database) return undefined;
    this.#copy ??= await this.#openCopy(this.#database);
    this.#copyName = this.#copy.name;
    this.#know(this.#copy);
    return this.#copy;
  }

  /** The backend as it is written now, answering or ended: who asks it finds out. */
  async backend(): Promise<RunningBackend> {
    this.#backend ??= await this.#start();
    return this.#backend;
  }

  /** What stands for the secrets that the backend asks for, as it is written now. */
  async dummies(): Promise<Readonly<Record<string, string>>> {
    const paths = (await this.#sandbox.listFiles()).filter((path) => path === '.env.example');
    return dummySecrets(await this.#sandbox.readFiles(paths));
  }

  /** What runs is not what is written any more. */
  async stopBackend(): Promise<void> {
    await this.#backend?.command.stop(500);
    this.#backend = undefined;
  }

  /** Opened once, however many ask at the same time: each opening takes a connection of the owner's few. */
  #original(database: WorkshopDatabase): Promise<ProvisionedDatabase> {
    this.#opened ??= database.open();
    return this.#opened;
  }

  async #openCopy(database: WorkshopDatabase): Promise<ProvisionedDatabase> {
    if (this.#copyName === undefined) return database.copy();
    // A copy can be lost with the process that made it; its rows were of no lasting use.
    return database.open(this.#copyName).catch(() => database.copy());
  }

  async #start(): Promise<RunningBackend> {
    const copy = await this.copy();
    const port = await this.#sandbox.freePort();
    const environment = {
      ...(await this.dummies()),
      HOST: '127.0.0.1',
      PORT: String(port),
      ...(copy ? backendEnvironment(copy) : {}),
    };
    const command = await this.#sandbox.start(['node', 'src/server.ts'], { environment, signal: this.#signal });
    const url = await this.#sandbox.urlOf(port);
    await waitUntilHealthy(url, command, this.#signal);
    return { url, command };
  }

  #know({ owner, app, reader }: ProvisionedDatabase): void {
    this.#redactor.add(owner.password, app.password, reader.password);
  }
}

async function waitUntilHealthy(url: string, command: RunningCommand, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_MS;
  const ended = new AbortController();
  void command.ended.then(() => ended.abort());
  while (!ended.signal.aborted && performance.now() < deadline) {
    const answer = await fetch(`${url}/healthz`, { signal }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(20, undefined, { signal });
  }
}

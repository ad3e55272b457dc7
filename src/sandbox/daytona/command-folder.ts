import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessMark } from '../../machine/host-process.ts';
import type { CommandState } from './agent-protocol.ts';

/** A state as it is kept, with who keeps it. */
export interface KeptState extends CommandState {
  readonly supervisor: ProcessMark | undefined;
}

const FORGOTTEN_AFTER_MS = 10 * 60_000;

/** What is known of one command: its state, what is wanted of it, and when somebody last asked after it. */
export class CommandFolder {
  readonly path: string;

  constructor(commands: string, id: string) {
    this.path = join(commands, id);
  }

  /** False when there is one: whoever makes it begins the command, or decides that it never begins. */
  async make(): Promise<boolean> {
    try {
      await mkdir(this.path, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    await writeFile(this.#file('seen'), String(Date.now()), { mode: 0o600 });
    return true;
  }

  /** Since when there is one, in milliseconds of the clock; undefined when there is none. */
  async madeAtMs(): Promise<number | undefined> {
    const text = await readFile(this.#file('seen'), 'utf8').catch(() => '');
    return text === '' ? undefined : Number(text);
  }

  async readState(): Promise<KeptState | undefined> {
    const text = await readFile(this.#file('state.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as KeptState);
  }

  /** Whoever reads it sees all of it. Rejects when the folder is gone. */
  async writeState(state: KeptState): Promise<void> {
    const draft = this.#file(`.state.${process.pid}`);
    await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
    await rename(draft, this.#file('state.json'));
  }

  async askToStop(graceMs: number): Promise<void> {
    await writeFile(this.#file('stop'), String(graceMs), { mode: 0o600 });
  }

  /** Within how many milliseconds it is to stop; undefined when nobody wants that. */
  async readStop(): Promise<number | undefined> {
    const text = await readFile(this.#file('stop'), 'utf8').catch(() => '');
    return text === '' ? undefined : Number(text);
  }

  async noteInterest(): Promise<void> {
    const now = new Date();
    await utimes(this.#file('seen'), now, now).catch(() => undefined);
  }

  /** When somebody last asked after it; undefined when the folder is gone. */
  async interestAtMs(): Promise<number | undefined> {
    return stat(this.#file('seen')).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.path, name);
  }
}

/** Removes what ended so long ago that nobody asks after it any more. */
export async function forgetOldCommands(commands: string): Promise<void> {
  for (const id of await readdir(commands)) {
    const folder = new CommandFolder(commands, id);
    const seenAtMs = await folder.interestAtMs();
    if (seenAtMs === undefined || Date.now() - seenAtMs < FORGOTTEN_AFTER_MS) continue;
    if ((await folder.readState())?.result !== undefined) await folder.remove();
  }
}

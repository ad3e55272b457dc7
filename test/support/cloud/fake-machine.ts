import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { endProcesses, findProcesses } from '../../../src/machine/host-process.ts';

export interface MachineOptions {
  readonly root: string;
  /** What programs are found by in it. */
  readonly path: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ExecuteBody {
  readonly command: string;
  readonly cwd?: string;
  readonly envs?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** One of a fake Daytona's machines: a folder of this machine in which commands really run. */
export class FakeMachine {
  readonly id = randomUUID();
  readonly name: string;
  /** What it was asked to be. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly token = randomUUID();
  readonly directory: string;
  state = 'creating';
  errorReason: string | undefined;
  recoverable = false;
  readonly #path: string;
  readonly #previews = new Map<number, Server>();

  static async make(options: MachineOptions): Promise<FakeMachine> {
    return new FakeMachine(options, await mkdtemp(join(options.root, 'machine-')));
  }

  private constructor({ path, name, body }: MachineOptions, directory: string) {
    this.name = name;
    this.body = body;
    this.directory = directory;
    this.#path = path;
  }

  get labels(): Readonly<Record<string, string>> {
    return (this.body['labels'] ?? {}) as Readonly<Record<string, string>>;
  }

  /** Undefined when the time was up. The daemon gives the command to a shell on its standard input. */
  execute({ command, cwd = '.', envs, timeout }: ExecuteBody): Promise<object | undefined> {
    const shell = spawn('bash', [], {
      cwd: resolve(this.directory, cwd),
      env: { PATH: this.#path, HOME: this.directory, ...envs },
      detached: true,
    });
    const printed: Buffer[] = [];
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk));
    shell.stdin.on('error', () => undefined);
    shell.stdin.end(command);
    return new Promise((resolved) => {
      const timer = setTimeout(
        () => {
          process.kill(-(shell.pid as number), 'SIGKILL');
          resolved(undefined);
        },
        (timeout ?? 10) * 1000,
      );
      shell.on('error', (error) => resolved({ exitCode: -1, result: error.message }));
      shell.on('close', (exitCode) => {
        clearTimeout(timer);
        resolved({ exitCode: exitCode ?? -1, result: Buffer.concat(printed).toString() });
      });
    });
  }

  async upload(form: FormData): Promise<void> {
    for (const [name, path] of form) {
      const index = /^files\[(\d+)\]\.path$/.exec(name)?.[1];
      if (index === undefined) continue;
      const file = form.get(`files[${index}].file`) as File;
      const target = this.#resolve(path as string);
      await mkdir(join(target, '..'), { recursive: true });
      await writeFile(target, Buffer.from(await file.arrayBuffer()));
    }
  }

  download(path: string): Promise<Buffer> {
    return readFile(this.#resolve(path));
  }

  async setMode(path: string, mode: string): Promise<void> {
    await chmod(this.#resolve(path), Number.parseInt(mode, 8));
  }

  async list(path: string): Promise<readonly object[]> {
    const folder = this.#resolve(path);
    const entries = await readdir(folder, { withFileTypes: true });
    return Promise.all(
      entries.map(async (entry) => {
        const { size, mode, mtime } = await stat(join(folder, entry.name));
        const permissions = (mode & 0o777).toString(8).padStart(4, '0');
        const owned = { group: '0', owner: '0', mode: permissions, permissions };
        return { name: entry.name, isDir: entry.isDirectory(), size, modTime: mtime.toISOString(), ...owned };
      }),
    );
  }

  async deleteFile(path: string): Promise<void> {
    await rm(this.#resolve(path), { recursive: true });
  }

  /** Where a port is reached from outside: by who shows the token. 502 when nobody listens there. */
  async preview(port: number): Promise<string> {
    const server = this.#previews.get(port) ?? this.#openPreview(port);
    this.#previews.set(port, server);
    if (!server.listening) await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** As a container ends: with all that runs in it, nothing of which lives to tell of another's end. */
  async halt(): Promise<void> {
    for (const server of this.#previews.values()) {
      server.close();
      server.closeAllConnections();
    }
    this.#previews.clear();
    for (const pid of await this.#processes()) freeze(pid);
    await endProcesses(() => this.#processes(), 0);
  }

  async destroy(): Promise<void> {
    await this.halt();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #processes(): Promise<readonly number[]> {
    const found = await findProcesses('HOME');
    return found.filter(({ value }) => `${value}/`.startsWith(`${this.directory}/`)).map(({ pid }) => pid);
  }

  #resolve(path: string): string {
    return resolve(this.directory, path);
  }

  #openPreview(port: number): Server {
    return createServer((incoming, answer) => {
      const { 'x-daytona-preview-token': token, 'x-daytona-skip-preview-warning': skip } = incoming.headers;
      if (token !== this.token || skip !== 'true') {
        answer.writeHead(401).end('no token');
        return;
      }
      const { method, url: path, rawHeaders: headers } = incoming;
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
      outgoing.on('response', (response) => {
        answer.writeHead(response.statusCode ?? 500, response.rawHeaders);
        response.pipe(answer);
      });
      outgoing.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
      answer.on('close', () => outgoing.destroy());
      incoming.pipe(outgoing);
    });
  }
}

function freeze(pid: number): void {
  try {
    process.kill(pid, 'SIGSTOP');
  } catch {
    // It is gone, which is as good.
  }
}

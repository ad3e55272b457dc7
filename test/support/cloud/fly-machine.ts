import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackImage } from './run-image.ts';

export interface MachineConfig {
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly services?: readonly { readonly internal_port: number; readonly autostart?: boolean }[];
  readonly restart?: { readonly policy?: string; readonly max_retries?: number };
  metadata?: Record<string, string>;
}

interface MachineSurroundings {
  readonly registryUrl: string;
  /** For the registry. */
  readonly authorization: string;
  readonly address: string;
  readonly region: string;
  readonly secrets: () => ReadonlyMap<string, string>;
  readonly print: (message: string, provider: 'app' | 'runner') => void;
}

type State = 'created' | 'starting' | 'started' | 'stopping' | 'stopped' | 'replacing' | 'failed' | 'destroyed';

// For as long, a real machine's old version goes on answering while the new one is prepared.
const REPLACED_AFTER_MS = 150;
let count = 0;

/** A machine that pulls its image and runs it, as a process of this machine with a loopback address of its own. */
export class FakeMachine {
  readonly id: string;
  readonly name: string;
  readonly createdAt = new Date().toISOString();
  config: MachineConfig;
  state: State = 'created';
  instanceId = newInstanceId();
  updatedAt = this.createdAt;
  cordoned = false;
  launches = 0;
  readonly events: { type: string; status: string; source: string; timestamp: number; request?: object }[] = [];
  readonly #around: MachineSurroundings;
  readonly #folder = mkdtempSync(join(tmpdir(), 'turbo-fly-'));
  #process: ChildProcess | undefined;
  #restarts = 0;
  #change: Promise<void> = Promise.resolve();

  constructor(name: string, config: MachineConfig, around: MachineSurroundings) {
    count += 1;
    this.id = count.toString(16).padStart(14, 'd');
    this.name = name;
    this.config = config;
    this.#around = around;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: this.#around.address, port: this.config.services?.[0]?.internal_port ?? 8080 };
  }

  /** Changes follow each other; none is waited for by who asks for it, as at Fly.io. */
  launch(): void {
    this.#event('launch', 'created', 'user');
    this.#next(() => this.#boot());
  }

  update(config: MachineConfig, launched: boolean): void {
    this.config = config;
    this.instanceId = newInstanceId();
    this.updatedAt = new Date().toISOString();
    this.#event('update', 'replacing', 'user');
    const running = this.#process !== undefined;
    if (running) this.state = 'replacing';
    this.#next(async () => {
      if (running) await sleep(REPLACED_AFTER_MS);
      await this.#end('SIGKILL');
      if (launched) await this.#boot();
      else this.state = 'stopped';
    });
  }

  /** Resolves once it runs. */
  async start(source: 'user' | 'proxy'): Promise<void> {
    if (['started', 'starting', 'replacing'].includes(this.state)) return;
    this.state = 'starting';
    this.#event('start', 'starting', source);
    this.#next(() => this.#boot());
    await this.#change;
  }

  async stop(source: 'user' | 'proxy'): Promise<void> {
    if (this.state === 'stopped') return;
    this.state = 'stopping';
    this.#event('stop', 'stopping', source);
    this.#next(async () => {
      await this.#end('SIGTERM');
      this.state = 'stopped';
    });
    await this.#change;
  }

  async destroy(): Promise<void> {
    this.#next(() => this.#end('SIGKILL'));
    await this.#change;
    this.state = 'destroyed';
    rmSync(this.#folder, { recursive: true, force: true });
  }

  describe(): object {
    return {
      id: this.id,
      name: this.name,
      state: this.state,
      region: this.#around.region,
      instance_id: this.instanceId,
      private_ip: 'fdaa:0:1::2',
      config: this.config,
      created_at: this.createdAt,
      updated_at: this.updatedAt,
      events: this.events.map((event, index) => ({ id: String(index), ...event })).toReversed(),
      checks: [],
      host_status: 'ok',
    };
  }

  #next(work: () => Promise<void>): void {
    this.#change = this.#change.then(work).catch((error: unknown) => {
      this.state = 'failed';
      this.#around.print(`machine failed: ${String(error)}`, 'runner');
    });
  }

  async #boot(): Promise<void> {
    this.launches += 1;
    this.state = 'starting';
    this.#restarts = 0;
    const folder = mkdtempSync(join(this.#folder, 'root-'));
    const [, repository = '', tag = ''] = /^[^/]+\/(.+):([^:]+)$/.exec(this.config.image) ?? [];
    const { registryUrl, authorization } = this.#around;
    const image = await unpackImage({ registryUrl, authorization, repository, tag, folder });
    await this.#run(image, folder);
  }

  async #run(image: Awaited<ReturnType<typeof unpackImage>>, folder: string): Promise<void> {
    // Paths are the image's: without a root of its own, the machine finds them below its folder.
    const [program = '', ...args] = image.command.map((part) => (isAbsolute(part) ? join(folder, part) : part));
    const env = { ...image.environment, ...Object.fromEntries(this.#around.secrets()), ...this.config.env };
    if (env['HOST'] !== '0.0.0.0') throw new Error('listens where the proxy does not reach it');
    const cwd = image.workingDirectory.startsWith(folder)
      ? image.workingDirectory
      : join(folder, image.workingDirectory);
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: isAbsolute(cwd) ? cwd : folder,
      // All machines of the fake share one network, where a real one has its own.
      env: { ...env, HOST: this.#around.address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#around.print(line, 'app'));
    }
    child.once('close', (code, signal) => this.#ended(child, image, folder, code ?? (signal ? 137 : 0)));
    await once(child, 'spawn');
    this.state = 'started';
    this.#event('start', 'started', 'flyd');
  }

  /** By itself: `#end` forgets the process first. */
  #ended(child: ChildProcess, image: Awaited<ReturnType<typeof unpackImage>>, folder: string, code: number): void {
    if (this.#process !== child) return;
    this.#process = undefined;
    const { policy = 'on-failure', max_retries: retries = 10 } = this.config.restart ?? {};
    const restarting = policy === 'always' || (policy === 'on-failure' && code !== 0 && this.#restarts < retries);
    this.#exitEvent(code, false, restarting);
    if (!restarting) {
      this.state = 'stopped';
      return;
    }
    this.#restarts += 1;
    this.#next(() => this.#run(image, folder));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await closed;
    clearTimeout(timer);
    this.#exitEvent(0, true, false);
  }

  #event(type: string, status: string, source: string, request?: object): void {
    this.events.push({ type, status, source, timestamp: Date.now(), ...(request ? { request } : {}) });
  }

  #exitEvent(code: number, asked: boolean, restarting: boolean): void {
    const exit = { exit_code: code, oom_killed: false, requested_stop: asked, restarting };
    this.#event('exit', 'stopped', 'flyd', { exit_event: exit, restart_count: this.#restarts });
  }

  /** Whether something listens there within the time. */
  async isListening(withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      const socket = connect(this.address);
      const open = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      socket.destroy();
      if (open) return true;
      await sleep(30);
    }
    return false;
  }
}

function newInstanceId(): string {
  count += 1;
  return `01FAKE${String(count).padStart(20, '0')}`;
}

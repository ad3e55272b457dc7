import { setTimeout } from 'node:timers/promises';
import { backendEnvironment, type ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { RunningCommand, Sandbox } from '../sandbox/sandbox.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';

/** The generated backend, running in its sandbox. */
export interface BackendServer {
  readonly url: string;
  readonly command: RunningCommand;
}

interface BackendStart {
  readonly database: ProvisionedDatabase | undefined;
  /** Variables that stand for the backend's secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What stands before the program. */
  readonly nodeArguments: readonly string[];
  /** By default the server of the sandbox's own source. */
  readonly program?: string;
  readonly signal: AbortSignal;
}

/** Starts the backend on a free port, as the app role of the database if there is one. It may not be listening yet. */
export async function startBackend(
  sandbox: Sandbox,
  { database, secrets, nodeArguments, signal, program = 'src/server.ts' }: BackendStart,
): Promise<BackendServer> {
  const port = await sandbox.freePort();
  const environment = {
    ...secrets,
    HOST: '127.0.0.1',
    PORT: String(port),
    ...(database ? backendEnvironment(database) : {}),
  };
  const command = await sandbox.start(['node', ...nodeArguments, program], { environment, signal });
  return { url: await sandbox.urlOf(port), command };
}

/** Asks until the path answers 200, the server has ended or the time is up; resolves to the last answer. */
export async function waitFor(
  client: HttpClient,
  path: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly gaveUp?: () => boolean },
): Promise<HttpAnswer> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await client.send({ method: 'GET', path }, options.signal);
    if (answer.status === 200 || performance.now() > deadlineMs || options.gaveUp?.()) return answer;
    await setTimeout(15, undefined, { signal: options.signal });
  }
}

/** What the server wrote that may explain a fault: its errors, each once, else its last lines. */
export function serverLines(server: BackendServer): string[] {
  const lines = server.command.output().split('\n').filter(Boolean);
  const errors = new Map(lines.flatMap(errorOf));
  const chosen = errors.size > 0 ? [...errors.values()].slice(0, 10) : lines.slice(-20);
  return chosen.map((line) => `server: ${line.slice(0, 800)}`);
}

/** A logged error with the first places of its stack, by its message; nothing for any other line. */
function errorOf(line: string): [string, string][] {
  if (!line.includes('"level":50')) return [];
  const { err, url, method } = parseLine(line);
  if (typeof err?.stack !== 'string') return [];
  return [[String(err.message), `${method ?? ''} ${url ?? ''}: ${err.stack.split('\n').slice(0, 4).join(' ')}`]];
}

interface LogLine {
  readonly err?: { readonly message?: unknown; readonly stack?: unknown };
  readonly method?: string;
  readonly url?: string;
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}

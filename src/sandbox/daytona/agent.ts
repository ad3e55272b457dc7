import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TurboError } from '../../domain/errors.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { commandEnvironment } from '../../machine/command-environment.ts';
import { ProjectFolder } from '../project-folder.ts';
import { agentHome, runtimeFolder } from './agent-home.ts';
import { answerLine, ENVIRONMENT_VARIABLE, unpackJson, type AgentVerb, type AgentVerbs } from './agent-protocol.ts';
import { CommandFolder } from './command-folder.ts';
import { buildRuntime, greet, installRuntime, runtimeAt } from './install-runtime.ts';
import { placeFiles } from './place-files.ts';
import { supervise } from './supervise.ts';
import { beginCommand, stopCommand, waitForChange, waitForEnd, type AgentProgram } from './supervised-commands.ts';

// The program that we upload to a container: it does there, by the code that a local sandbox runs on, what it is asked
// for. Called as `agent <verb> <request>`, the request in base64 or the name of a file that holds it; answers one line.

const MOST_ANSWERED = 1024 * 1024;
/** The ports that the provider lets be reached from outside. */
const PORTS = { from: 3000, to: 10_000 };
const FIRST_WORD_MS = 15_000;

// oxlint-disable-next-line node/no-process-env -- it runs on a machine of its own, where it has no settings of ours.
const given = process.env as Readonly<Record<string, string>>;
const home = agentHome(import.meta.filename);
const folder = new ProjectFolder(home.project, undefined);
const { [ENVIRONMENT_VARIABLE]: packedEnvironment, ...ownEnvironment } = given;
const program: AgentProgram = {
  file: import.meta.filename,
  environment: { HOME: given['HOME'] ?? '', NODE_COMPILE_CACHE: given['NODE_COMPILE_CACHE'] ?? '' },
};

const verbs: AgentVerbs = {
  install: (request) => installRuntime(home, request, { ...program, environment: ownEnvironment }),
  hello: ({ runtimeVersion }) => greet(home, runtimeVersion),
  async run({ id, waitMs, runtimeVersion, ...command }) {
    const { nodePath } = runtimeAt(runtimeFolder(home, runtimeVersion), runtimeVersion);
    const own = packedEnvironment === undefined ? {} : (unpackJson(packedEnvironment) as Record<string, string>);
    const environment = { ...commandEnvironment(home.project, nodePath), ...own };
    const { commands, project: directory } = home;
    await beginCommand({ ...command, id, commands, directory, environment }, program);
    const state = await waitForEnd(commandFolder(id), waitMs);
    return state.version > 0 ? state : waitForChange(commandFolder(id), 0, FIRST_WORD_MS);
  },
  wait: ({ id, version, waitMs }) => waitForChange(commandFolder(id), version, waitMs),
  async stop({ id, graceMs, waitMs }) {
    await stopCommand(commandFolder(id), graceMs);
    return waitForEnd(commandFolder(id), waitMs);
  },
  read: readSome,
  async place(request) {
    await mkdir(home.staging, { recursive: true, mode: 0o700 });
    await placeFiles(home.staging, folder, request);
    return undefined;
  },
  async delete({ path }) {
    await folder.delete(path);
    return undefined;
  },
  list: () => folder.list(),
  freePort: findFreePort,
};

const [verb = '', request = '', packages] = process.argv.slice(2);
if (verb === 'supervise') await supervise();
else if (verb === 'build') await buildRuntime(home, request, packages);
else process.stdout.write(answerLine(await carryOut(verb as AgentVerb)));

async function carryOut(asked: AgentVerb): Promise<object> {
  try {
    const perform = verbs[asked] as (request: unknown) => Promise<unknown>;
    return { value: await perform(await readRequest()) };
  } catch (error) {
    if (error instanceof TurboError) return { error: { message: error.message, code: error.code, fix: error.fix } };
    return { error: { message: error instanceof Error ? error.message : String(error) } };
  }
}

async function readRequest(): Promise<unknown> {
  if (!request.startsWith('@')) return unpackJson(request);
  return JSON.parse(await readFile(join(home.staging, request.slice(1)), 'utf8'));
}

function commandFolder(id: string): CommandFolder {
  return new CommandFolder(home.commands, id);
}

async function readSome({ paths }: { readonly paths: readonly string[] }): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  let size = 0;
  for (const path of paths) {
    const content = await folder.read(path);
    size += content.length;
    if (files.length > 0 && size > MOST_ANSWERED) break;
    files.push({ path, content });
  }
  return files;
}

async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen(port);
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

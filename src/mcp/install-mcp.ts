import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type AgentConfig, type AgentType, agents, detectProjectAgents } from 'add-mcp';
import { TurboError } from '../domain/errors.ts';
import { enterInJson, enterInToml, enterInYaml, type ServerCommand } from './client-configuration.ts';
import type { McpView } from './mcp-access.ts';

/** The editors that can be told of us, by the names that `add-mcp` has for them. */
export type McpClient = AgentType;

export interface Installation {
  /** The project's folder of the editor. */
  readonly folder: string;
  /** Those whose traces the folder has, or else Claude Code, when missing. */
  readonly clients?: readonly McpClient[] | undefined;
  /** In the user's own configuration instead of the folder's. */
  readonly forUser?: boolean | undefined;
  readonly view: McpView;
  /** What starts us. */
  readonly command: ServerCommand;
}

export interface WrittenConfiguration {
  readonly client: McpClient;
  /** Relative to the folder, when it lies in it. */
  readonly file: string;
  readonly change: 'written' | 'unchanged';
}

const SERVER_NAME = 'turbobackend';

const ENTER = { json: enterInJson, toml: enterInToml, yaml: enterInYaml } as const;

/** Enters the server in the editors' configuration. What stands there stays; a second time changes nothing. */
export async function installMcp(installation: Installation): Promise<readonly WrittenConfiguration[]> {
  const { folder } = installation;
  const texts = new Map<string, { readonly before: string; after: string }>();
  const entered: { client: McpClient; path: string }[] = [];
  // All are entered before one is written, so that a file that cannot be understood leaves the others as they were.
  for (const client of clientsOf(installation)) {
    const path = pathOf(client, installation);
    const known = texts.get(path) ?? (await readOptional(path));
    texts.set(path, { before: known.before, after: enter(client, path, known.after, installation) });
    entered.push({ client, path });
  }
  for (const [path, { before, after }] of texts) {
    if (after === before) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, after);
  }
  return entered.map(({ client, path }) => {
    const { before, after } = texts.get(path) ?? { before: '', after: '' };
    return { client, file: shown(path, folder), change: after === before ? 'unchanged' : 'written' };
  });
}

function clientsOf({ clients, folder }: Installation): readonly McpClient[] {
  if (clients && clients.length > 0) return [...new Set(clients)];
  const found = detectProjectAgents(folder);
  if (existsSync(join(folder, 'CLAUDE.md')) && !found.includes('claude-code')) found.unshift('claude-code');
  // Several read the same file; each entry in it serves all of them.
  const paths = found.map((client) => agents[client].localConfigPath);
  const firsts = found.filter((_, index) => paths.indexOf(paths[index]) === index);
  return firsts.length > 0 ? firsts : ['claude-code'];
}

function pathOf(client: McpClient, { folder, forUser = false }: Installation): string {
  const agent = agents[client];
  if (!forUser && agent.localConfigPath === undefined) {
    throw new TurboError('USAGE', `${agent.displayName} has no configuration for a folder`, {
      fix: `Enter the server in your own: turbobackend mcp install --global --client ${client}`,
    });
  }
  const resolved = agent.resolveConfigPath?.(agent, { local: !forUser, cwd: folder });
  return resolved ?? (forUser ? agent.configPath : join(folder, agent.localConfigPath ?? ''));
}

function enter(client: McpClient, path: string, text: string, installation: Installation): string {
  const command = commandOf(installation);
  const agent = agents[client];
  const key = keyOf(agent, installation);
  try {
    return ENTER[agent.format](text, [...key.split('.'), SERVER_NAME], entryOf(client, key, command, installation));
  } catch (cause) {
    throw new TurboError(
      'USAGE',
      `${shown(path, installation.folder)} cannot be understood, so nothing was entered in it`,
      {
        cause,
        fix: `Enter this server in it by hand: ${[command.command, ...command.args].join(' ')}`,
      },
    );
  }
}

function commandOf({ command, view }: Installation): ServerCommand {
  const args = [...command.args, ...(view.readOnly ? ['--read-only'] : [])];
  return { ...command, args: view.project === undefined ? args : [...args, '--project', view.project] };
}

function keyOf(agent: AgentConfig, { forUser }: Installation): string {
  return forUser ? agent.configKey : (agent.localConfigKey ?? agent.configKey);
}

function entryOf(
  client: McpClient,
  configKey: string,
  { command, args, env = {} }: ServerCommand,
  { forUser = false }: Installation,
): Readonly<Record<string, unknown>> {
  const given = { command, args: [...args], ...(Object.keys(env).length > 0 && { env: { ...env } }) };
  const entry = agents[client].transformConfig(SERVER_NAME, given, { local: !forUser, configKey });
  // VS Code's own description of the file asks for it.
  return { ...(client === 'vscode' && { type: 'stdio' }), ...(entry as Readonly<Record<string, unknown>>) };
}

function shown(path: string, folder: string): string {
  const below = relative(folder, path);
  return below.startsWith('..') ? path : below;
}

/** Empty when there is no such file. */
async function readOptional(path: string): Promise<{ readonly before: string; readonly after: string }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return { before: text, after: text };
}

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { enterInJson, enterInToml, type ServerCommand } from './client-configuration.ts';
import type { McpView } from './mcp-access.ts';

const MCP_CLIENTS = ['claude-code', 'cursor', 'vscode', 'codex'] as const;

export type McpClient = (typeof MCP_CLIENTS)[number];

export interface Installation {
  /** The project's folder of the editor. */
  readonly folder: string;
  /** Those whose traces the folder has, or else Claude Code, when missing. */
  readonly clients?: readonly McpClient[] | undefined;
  readonly view: McpView;
  /** What starts us. */
  readonly command: ServerCommand;
}

export interface WrittenConfiguration {
  readonly client: McpClient;
  /** Relative to the folder. */
  readonly file: string;
  readonly change: 'written' | 'unchanged';
}

interface ClientFile {
  readonly file: string;
  /** What shows that the editor is used in a folder. */
  readonly traces: readonly string[];
  readonly enter: (text: string, command: ServerCommand) => string;
}

const FILES: Readonly<Record<McpClient, ClientFile>> = {
  'claude-code': {
    file: '.mcp.json',
    traces: ['.mcp.json', '.claude', 'CLAUDE.md'],
    enter: (text, command) => enterInJson(text, 'mcpServers', { ...command }),
  },
  cursor: {
    file: '.cursor/mcp.json',
    traces: ['.cursor'],
    enter: (text, command) => enterInJson(text, 'mcpServers', { ...command }),
  },
  vscode: {
    file: '.vscode/mcp.json',
    traces: ['.vscode'],
    enter: (text, command) => enterInJson(text, 'servers', { type: 'stdio', ...command }),
  },
  codex: { file: '.codex/config.toml', traces: ['.codex'], enter: enterInToml },
};

/** Enters the server in the editors' configuration of a folder. What stands there stays; a second time changes nothing. */
export async function installMcp(installation: Installation): Promise<readonly WrittenConfiguration[]> {
  const { command, view, folder } = installation;
  const args = [...command.args, ...(view.readOnly ? ['--read-only'] : [])];
  const asked = { ...command, args: view.project === undefined ? args : [...args, '--project', view.project] };
  // All are read before one is written, so that a file that cannot be understood leaves the others as they were.
  const entered = await Promise.all(clientsOf(installation).map((client) => enter(client, asked, folder)));
  for (const { path, before, after } of entered) {
    if (after === before) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, after);
  }
  return entered.map(({ client, file, before, after }) => ({
    client,
    file,
    change: after === before ? 'unchanged' : 'written',
  }));
}

function clientsOf({ clients, folder }: Installation): readonly McpClient[] {
  if (clients && clients.length > 0) return [...new Set(clients)];
  const found = MCP_CLIENTS.filter((client) => FILES[client].traces.some((trace) => existsSync(join(folder, trace))));
  return found.length > 0 ? found : ['claude-code'];
}

async function enter(client: McpClient, command: ServerCommand, folder: string) {
  const { file, enter: enterIn } = FILES[client];
  const path = join(folder, file);
  const before = await readOptional(path);
  try {
    return { client, file, path, before, after: enterIn(before, command) };
  } catch (cause) {
    throw new TurboError('USAGE', `${file} cannot be understood, so nothing was entered in it`, {
      cause,
      fix: `Enter this server in it by hand: ${[command.command, ...command.args].join(' ')}`,
    });
  }
}

/** Empty when there is no such file. */
async function readOptional(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

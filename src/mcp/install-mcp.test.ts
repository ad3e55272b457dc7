import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { agents, getAgentTypes } from 'add-mcp';
import { MCP_CLIENTS } from '../cli/commands/mcp.ts';
import { TurboError } from '../domain/errors.ts';
import { installMcp } from './install-mcp.ts';

const COMMAND = { command: 'npx', args: ['-y', 'turbobackend', 'mcp'] };
const ALL = { readOnly: false, project: undefined };

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turbobackend-install-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

test('enters the server for every editor, in the way of each', async () => {
  const clients = ['claude-code', 'cursor', 'vscode', 'codex'] as const;
  const written = await installMcp({ folder, clients, view: { readOnly: true, project: 'blog' }, command: COMMAND });
  assert.deepEqual(
    written.map(({ file, change }) => [file, change]),
    [
      ['.mcp.json', 'written'],
      ['.cursor/mcp.json', 'written'],
      ['.vscode/mcp.json', 'written'],
      ['.codex/config.toml', 'written'],
    ],
  );
  const args = ['-y', 'turbobackend', 'mcp', '--read-only', '--project', 'blog'];
  const server = { command: 'npx', args };
  assert.deepEqual(JSON.parse(await read('.mcp.json')), { mcpServers: { turbobackend: server } });
  assert.deepEqual(JSON.parse(await read('.cursor/mcp.json')), { mcpServers: { turbobackend: server } });
  assert.deepEqual(JSON.parse(await read('.vscode/mcp.json')), {
    servers: { turbobackend: { type: 'stdio', ...server } },
  });
  assert.equal(
    await read('.codex/config.toml'),
    '[mcp_servers.turbobackend]\ncommand = "npx"\n' +
      'args = ["-y", "turbobackend", "mcp", "--read-only", "--project", "blog"]\n',
  );
});

test('a second time changes nothing', async () => {
  const installation = { folder, clients: ['claude-code', 'codex'], view: ALL, command: COMMAND } as const;
  await installMcp(installation);
  const before = [await read('.mcp.json'), await read('.codex/config.toml')];
  const again = await installMcp(installation);
  assert.deepEqual(
    again.map(({ change }) => change),
    ['unchanged', 'unchanged'],
  );
  assert.deepEqual([await read('.mcp.json'), await read('.codex/config.toml')], before);
});

test('keeps what is there', async () => {
  await writeFile(
    join(folder, '.mcp.json'),
    '{\n\t"mcpServers": { "other": { "url": "https://example.com" }, "turbobackend": { "command": "old", "env": { "A": "b" } } },\n\t"x": 1\n}\n',
  );
  await mkdir(join(folder, '.codex'));
  await writeFile(
    join(folder, '.codex/config.toml'),
    'model = "a" # mine\n\n[mcp_servers.turbobackend]\ncommand = "old"\nargs = [\n  "a", # one\n  "b",\n]\nstartup_timeout_sec = 20\n\n[mcp_servers.turbobackend.env]\nA = "b"\n',
  );
  await installMcp({ folder, view: ALL, command: COMMAND });
  assert.deepEqual(JSON.parse(await read('.mcp.json')), {
    mcpServers: { other: { url: 'https://example.com' }, turbobackend: { ...COMMAND, env: { A: 'b' } } },
    x: 1,
  });
  assert.match(await read('.mcp.json'), /^\{\n\t"mcpServers"/);
  assert.equal(
    await read('.codex/config.toml'),
    'model = "a" # mine\n\n[mcp_servers.turbobackend]\ncommand = "npx"\nargs = ["-y", "turbobackend", "mcp"]\n' +
      'startup_timeout_sec = 20\n\n[mcp_servers.turbobackend.env]\nA = "b"\n',
  );
});

test('comments stay, and variables are entered beside those that are there', async () => {
  await mkdir(join(folder, '.vscode'));
  await writeFile(
    join(folder, '.vscode/mcp.json'),
    '{\n  // mine\n  "servers": {\n    "other": { "command": "x" }, // and mine\n  },\n}\n',
  );
  await mkdir(join(folder, '.codex'));
  await writeFile(join(folder, '.codex/config.toml'), '# mine\n[mcp_servers.turbobackend.env]\nA = "b" # and mine\n');
  const command = { ...COMMAND, env: { TURBOBACKEND_HOME: '/srv/tb' } };
  await installMcp({ folder, view: ALL, command });
  const vscode = await read('.vscode/mcp.json');
  assert.match(vscode, /\/\/ mine\n[^]*\/\/ and mine\n/);
  assert.match(vscode, /"TURBOBACKEND_HOME": "\/srv\/tb"/);
  const codex = await read('.codex/config.toml');
  assert.match(codex, /^# mine\n[^]*A = "b" # and mine\n/);
  assert.match(codex, /\[mcp_servers\.turbobackend\.env\]\nTURBOBACKEND_HOME = "\/srv\/tb"\n/);
  const again = await installMcp({ folder, view: ALL, command });
  assert.ok(again.every(({ change }) => change === 'unchanged'));
});

test('variables join those of an inline table', async () => {
  await mkdir(join(folder, '.codex'));
  await writeFile(join(folder, '.codex/config.toml'), '[mcp_servers.turbobackend]\nenv = { A = "b" }\n');
  await installMcp({ folder, view: ALL, command: { ...COMMAND, env: { C: 'd' } } });
  assert.equal(
    await read('.codex/config.toml'),
    '[mcp_servers.turbobackend]\nenv = { A = "b", C = "d" }\ncommand = "npx"\nargs = ["-y", "turbobackend", "mcp"]\n',
  );
});

test('knows every editor that add-mcp knows, each by a file of the folder or of the user', async () => {
  assert.deepEqual(MCP_CLIENTS.toSorted(), getAgentTypes().toSorted());
  for (const client of MCP_CLIENTS) {
    const inFolder = installMcp({ folder, clients: [client], view: ALL, command: COMMAND });
    if (agents[client].localConfigPath !== undefined) {
      assert.match(await read((await inFolder)[0]?.file ?? ''), /turbobackend/, client);
    } else {
      await assert.rejects(
        inFolder,
        (error) => error instanceof TurboError && /--global/.test(error.fix ?? ''),
        client,
      );
    }
  }
});

test('a file that it does not understand stays as it is, and so do all others', async () => {
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode/mcp.json'), '{ "servers": \n');
  await assert.rejects(
    installMcp({ folder, clients: ['claude-code', 'vscode'], view: ALL, command: COMMAND }),
    (error) => error instanceof TurboError && /by hand: npx -y turbobackend mcp/.test(error.fix ?? ''),
  );
  assert.equal(await read('.vscode/mcp.json'), '{ "servers": \n');
  await assert.rejects(read('.mcp.json'), { code: 'ENOENT' });
});

test('without a word about editors it looks for their traces', async () => {
  await mkdir(join(folder, '.cursor'));
  const written = await installMcp({ folder, view: ALL, command: COMMAND });
  assert.deepEqual(
    written.map(({ client }) => client),
    ['cursor'],
  );
});

import { inspect } from 'node:util';
import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import { loadConfig } from '../../src/config/config.ts';
import { offerFor } from '../../src/mcp/build-server.ts';
import { openTurboBackend } from '../../src/wiring/wiring.ts';
import { FixtureTasks } from './mcp-fixture-tasks.ts';
import { addFixtureTexts } from './mcp-fixture-texts.ts';
import { fixtureTools } from './mcp-fixtures.ts';
import { openMcpDoor } from './mcp-door.ts';

// Our server with the tools that the conformance suite calls added to its own. Prints its address; runs until SIGTERM.

const backend = await openTurboBackend(loadConfig(process.env), { work: false });
const bus = new InMemoryServerEventBus();
const tasks = new FixtureTasks();
const door = await openMcpDoor(backend, {
  bus,
  offer: (access) => {
    const own = offerFor(access);
    return { tools: [...own.tools, ...fixtureTools(tasks, bus)], tasks, decorate: addFixtureTexts };
  },
});
process.stdout.write(`${door.url.href}\n`);

process.once('SIGTERM', () => void leave());

async function leave(): Promise<void> {
  await door.close();
  await backend.close();
  await backend.down();
  for (const bug of door.bugs) process.stderr.write(`${inspect(bug)}\n`);
  process.exit(door.bugs.length > 0 ? 1 : 0);
}

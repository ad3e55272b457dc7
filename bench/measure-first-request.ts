import { databaseEnvironment } from '../src/domain/provisioned-database.ts';
import type { ProjectId } from '../src/domain/ids.ts';
import { LocalSandboxProvider } from '../src/sandbox/local-sandbox.ts';
import { scaffoldBackend } from '../src/scaffold/scaffold.ts';
import { HttpClient } from '../src/verify/http-client.ts';
import { freePort } from './free-port.ts';
import { endedChildrenCpuMs, usedMs, type CpuMs } from './measure/cpu-time.ts';
import { ratioOf, ratioText, spreadOf, spreadText, type Spread } from './measure/spread.ts';
import { StopWatch } from './measure/stop-watch.ts';
import { tableText } from './measure/table.ts';
import type { PartReport } from './part-report.ts';
import { dropByHand, provisionByHand } from './provision-by-hand.ts';
import { runServer, untilListening } from './run-server.ts';
import type { Workbench } from './workbench.ts';

const STEPS = ['claim', 'provision', 'write', 'listening', '201', '200', 'in all', 'CPU'] as const;

type Step = (typeof STEPS)[number];
/** Milliseconds each step took; of CPU where it cannot be read there are none. */
type Round = Readonly<Partial<Record<Step, number | undefined>>>;

const MEANINGS: Readonly<Record<Step, string>> = {
  claim: 'a database of the pool set aside',
  provision: 'tables made, catalog read back',
  write: 'backend generated from the catalog and written',
  listening: 'its process started, until it takes connections',
  '201': 'first POST answered',
  '200': 'first GET answered',
  'in all': 'schema known → first 201 and 200',
  CPU: 'of its process, until it has ended',
};

/**
 * From a checked design to the first row created and read over HTTP. Beside it the same with a backend that is there
 * already, written by hand, and a database made by hand.
 */
export async function measureFirstRequest(bench: Workbench, rounds: number): Promise<PartReport> {
  const sandboxes = await openSandboxes(bench);
  const ours: Round[] = [];
  const byHand: Round[] = [];
  // The first round warms up. Whoever begins one ends the next.
  for (let round = -1; round < rounds; round += 1) {
    await bench.databases.cluster.fillPool();
    const turns = [
      { rounds: ours, take: () => generateAndAsk(bench, sandboxes) },
      { rounds: byHand, take: () => askHandwritten(bench) },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const measured = await turn.take();
      if (round >= 0) turn.rounds.push(measured);
    }
  }
  const timeOfByHand = ratioOf(samplesOf(ours, 'in all'), samplesOf(byHand, 'in all'));
  const figures = { generated: figuresOf(ours), byHand: figuresOf(byHand), timeOfByHand };
  return { text: render(ours, byHand, timeOfByHand), figures };
}

async function openSandboxes({ newFolder, runtime }: Workbench): Promise<LocalSandboxProvider> {
  return new LocalSandboxProvider({ root: await newFolder(), runtime, osUser: () => Promise.resolve(undefined) });
}

async function generateAndAsk(bench: Workbench, sandboxes: LocalSandboxProvider): Promise<Round> {
  const { databases, signal } = bench;
  const { runId, projectId } = await databases.newRun();
  const port = await freePort();
  const watch = new StopWatch<Step>();
  const name = await databases.cluster.claim(runId, projectId);
  watch.lap('claim');
  await databases.cluster.provision(name, runId, bench.design);
  watch.lap('provision');
  const { sandbox, environment } = await writeBackend(bench, sandboxes, { projectId, name });
  watch.lap('write');
  const cpuBefore = endedChildrenCpuMs();
  const command = await sandbox.start(['node', 'src/server.ts'], {
    environment: { ...environment, HOST: '127.0.0.1', PORT: String(port) },
    signal,
  });
  let cpuMs: CpuMs;
  try {
    await askFirst(port, watch, signal);
  } finally {
    await command.stop();
    cpuMs = usedMs(cpuBefore, endedChildrenCpuMs());
    await sandboxes.remove(projectId);
    await databases.cluster.drop(name);
  }
  return { ...watch.laps('in all'), CPU: cpuMs };
}

async function writeBackend(
  { databases, design }: Workbench,
  sandboxes: LocalSandboxProvider,
  { projectId, name }: { readonly projectId: ProjectId; readonly name: string },
) {
  const { schema, app, ...server } = await databases.cluster.open(name);
  const statements = design.statements.map(({ sql }) => sql);
  const files = await scaffoldBackend({ name: 'blog', prompt: 'a blog', schema, statements, endpoints: [] });
  const sandbox = await sandboxes.open(projectId);
  await sandbox.writeFiles(files);
  return { sandbox, environment: databaseEnvironment({ ...server, ...app, database: name }) };
}

async function askHandwritten(bench: Workbench): Promise<Round> {
  const { server, signal, runtime } = bench;
  const { admin, host, port: dbPort } = server.postgres;
  const port = await freePort();
  const watch = new StopWatch<Step>();
  const { name } = await provisionByHand(server, bench.design);
  watch.lap('provision');
  const cpuBefore = endedChildrenCpuMs();
  const backend = await runServer({
    nodePath: runtime.nodePath,
    script: new URL('./express-backend.ts', import.meta.url).pathname,
    directory: import.meta.dirname,
    environment: databaseEnvironment({ host, port: dbPort, database: name, tls: 'off', ...admin }),
    port,
    signal,
  });
  let cpuMs: CpuMs;
  try {
    await askFirst(port, watch, signal);
  } finally {
    await backend.stop();
    cpuMs = usedMs(cpuBefore, endedChildrenCpuMs());
    await dropByHand(server, name);
  }
  return { ...watch.laps('in all'), CPU: cpuMs };
}

async function askFirst(port: number, watch: StopWatch<Step>, signal: AbortSignal): Promise<void> {
  const client = new HttpClient(`http://127.0.0.1:${port}`);
  try {
    await untilListening(port);
    watch.lap('listening');
    const created = await client.send(
      {
        method: 'POST',
        path: '/v1/users',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.com', name: 'Ada' }),
      },
      signal,
    );
    if (created.status !== 201) throw new Error(`POST /v1/users answered ${created.status}: ${created.text}`);
    watch.lap('201');
    const found = await client.send({ method: 'GET', path: created.headers.location ?? '' }, signal);
    if (found.status !== 200) throw new Error(`GET ${found.request.path} answered ${found.status}: ${found.text}`);
    watch.lap('200');
  } finally {
    client.close();
  }
}

function render(ours: readonly Round[], byHand: readonly Round[], timeOfByHand: Spread): string {
  const rows = STEPS.map((step) => [step, MEANINGS[step], stepText(ours, step), stepText(byHand, step)]);
  const title = `Schema known → first 201 and 200, ${ours.length} rounds`;
  const columns = ['step', '', 'generated, ms', 'written before, by hand, ms'];
  return `${title}\n${tableText(columns, rows)}\n  generated takes ${ratioText(timeOfByHand)} the time of by hand`;
}

function stepText(rounds: readonly Round[], step: Step): string {
  const samples = samplesOf(rounds, step);
  return samples.length === 0 ? '–' : spreadText(spreadOf(samples));
}

function figuresOf(rounds: readonly Round[]) {
  const steps = STEPS.filter((step) => samplesOf(rounds, step).length > 0);
  return Object.fromEntries(steps.map((step) => [step, spreadOf(samplesOf(rounds, step))]));
}

function samplesOf(rounds: readonly Round[], step: Step): number[] {
  return rounds.flatMap((round) => round[step] ?? []);
}

import type { PostgresCluster } from '../src/database/postgres-cluster.ts';
import { TABLE_COUNT } from './blog-design.ts';
import { ratioOf, ratioText, spreadOf, spreadText, type Spread } from './measure/spread.ts';
import { tableText } from './measure/table.ts';
import type { PartReport } from './part-report.ts';
import { dropByHand, provisionByHand } from './provision-by-hand.ts';
import type { Workbench } from './workbench.ts';

const WAYS = ['hot', 'cold', 'by hand', 'statements'] as const;

type Way = (typeof WAYS)[number];
type Samples = Record<Way, number[]>;
type Milliseconds = Partial<Record<Way, number>>;

const MEANINGS: Readonly<Record<Way, string>> = {
  hot: 'from the pool: claim, provision, read back',
  cold: 'pool empty: create, provision, read back',
  'by hand': 'connect, create, connect, statements',
  statements: 'of these, BEGIN to COMMIT alone',
};

/**
 * Milliseconds from «the design is checked» to «its tables are there». Ours also make three roles with passwords, shut
 * everybody else out, keep a record of every statement and read the catalog back; the obvious way does none of it.
 */
export async function measureProvisioning(bench: Workbench, rounds: number): Promise<PartReport> {
  const samples: Samples = { hot: [], cold: [], 'by hand': [], statements: [] };
  const hot = bench.databases.cluster;
  const cold = bench.databases.another('cold0000');
  // The first round warms up. Whoever comes first in one comes last in another.
  for (let round = -1; round < rounds; round += 1) {
    await hot.fillPool();
    const turns = [() => provision(bench, 'hot', hot), () => provision(bench, 'cold', cold), () => byHand(bench)];
    for (let turn = 0; turn < turns.length; turn += 1) {
      const measured = await turns[(turn + round + 1) % turns.length]?.();
      if (round >= 0) for (const [way, ms] of Object.entries(measured ?? {})) samples[way as Way].push(ms);
    }
  }
  return { text: render(bench, samples), figures: figuresOf(samples) };
}

async function provision(bench: Workbench, way: Way, cluster: PostgresCluster): Promise<Milliseconds> {
  const { runId, projectId } = await bench.databases.newRun();
  const startedMs = performance.now();
  const name = await cluster.claim(runId, projectId);
  const { tables } = await cluster.provision(name, runId, bench.design);
  const durationMs = performance.now() - startedMs;
  expectTables(tables.length);
  await cluster.drop(name);
  return { [way]: durationMs };
}

async function byHand({ server, design }: Workbench): Promise<Milliseconds> {
  const { name, totalMs, statementsMs, tableCount } = await provisionByHand(server, design);
  expectTables(tableCount);
  await dropByHand(server, name);
  return { 'by hand': totalMs, statements: statementsMs };
}

function expectTables(count: number): void {
  if (count !== TABLE_COUNT) throw new Error(`${count} tables were made instead of ${TABLE_COUNT}`);
}

function render({ design }: Workbench, samples: Samples): string {
  const rows = WAYS.map((way) => [
    way,
    MEANINGS[way],
    spreadText(spreadOf(samples[way])),
    ratioText(ratioOf(samples[way], samples['by hand'])),
  ]);
  const title = `Provisioning ${TABLE_COUNT} tables (${design.statements.length} statements), ${samples.hot.length} rounds`;
  return `${title}\n${tableText(['way', '', 'ms', 'time of by hand'], rows)}`;
}

function figuresOf(samples: Samples): Record<string, { readonly ms: Spread; readonly timeOfByHand: Spread }> {
  return Object.fromEntries(
    WAYS.map((way) => [way, { ms: spreadOf(samples[way]), timeOfByHand: ratioOf(samples[way], samples['by hand']) }]),
  );
}

import { databaseEnvironment, type ProvisionedDatabase } from '../src/domain/provisioned-database.ts';
import { newId } from '../src/domain/ids.ts';
import { LocalSandboxProvider } from '../src/sandbox/local-sandbox.ts';
import { scaffoldBackend } from '../src/scaffold/scaffold.ts';
import { freePort } from './free-port.ts';
import type { PartReport } from './part-report.ts';
import { openBlogDatabase } from './throughput/blog-database.ts';
import { expectSameAnswers } from './throughput/expect-same-answers.ts';
import { httpContestant, type HttpContestant } from './throughput/http-contestant.ts';
import type { Contestant } from './throughput/contestant.ts';
import { findPgbench, pgbenchContestant } from './throughput/pgbench.ts';
import { QUESTIONS } from './throughput/questions.ts';
import { figuresOf, renderThroughput, type Measured } from './throughput/report.ts';
import type { Workbench } from './workbench.ts';

const SECONDS = 1;

/**
 * The generated backend, one written by hand and pgbench, on the same database, turn by turn: a second of each with the
 * first question, then with the second. Whoever begins a round ends the next.
 */
export async function measureThroughput(bench: Workbench, rounds: number): Promise<PartReport> {
  const database = await openBlogDatabase(bench);
  const contestants: Contestant[] = [];
  try {
    const servers = [await generatedBackend(bench, database), await handwrittenBackend(bench, database)];
    contestants.push(...servers);
    await expectSameAnswers(servers.map(({ url }) => url));
    const pgbench = findPgbench();
    if (pgbench !== undefined) contestants.push(pgbenchContestant(pgbench, bench, database, SECONDS));
    const measured = await measure(contestants, rounds);
    return { text: renderThroughput(measured, SECONDS), figures: figuresOf(measured) };
  } finally {
    for (const contestant of contestants) await contestant.stop();
  }
}

async function measure(contestants: readonly Contestant[], rounds: number): Promise<readonly Measured[]> {
  const measured = QUESTIONS.flatMap((question) =>
    contestants.map((contestant): Measured => ({ question, contestant: contestant.name, samples: [] })),
  );
  // The first round warms up.
  for (let round = -1; round < rounds; round += 1) {
    for (const question of QUESTIONS) {
      const turns = measured.filter((turn) => turn.question === question);
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
        const sample = await contestants.find(({ name }) => name === turn.contestant)?.answer(question);
        if (sample && round >= 0) turn.samples.push(sample);
      }
    }
  }
  return measured;
}

/** As a run writes it. */
async function generatedBackend(bench: Workbench, database: ProvisionedDatabase): Promise<HttpContestant> {
  const { design, runtime, newFolder } = bench;
  const statements = design.statements.map(({ sql }) => sql);
  const { schema } = database;
  const files = await scaffoldBackend({ name: 'blog', prompt: 'a blog', schema, statements, endpoints: [] });
  const root = await newFolder();
  const sandboxes = new LocalSandboxProvider({ root, runtime, osUser: () => Promise.resolve(undefined) });
  const sandbox = await sandboxes.open(newId('project'));
  await sandbox.writeFiles(files);
  return startBackend(bench, database, { name: 'generated', directory: sandbox.directory, script: 'src/server.ts' });
}

function handwrittenBackend(bench: Workbench, database: ProvisionedDatabase): Promise<HttpContestant> {
  const script = new URL('./express-backend.ts', import.meta.url).pathname;
  return startBackend(bench, database, { name: 'express + pg', directory: import.meta.dirname, script });
}

async function startBackend(
  { runtime, server, signal }: Workbench,
  { name: databaseName, app, ...connection }: ProvisionedDatabase,
  { name, ...program }: { readonly name: string; readonly directory: string; readonly script: string },
): Promise<HttpContestant> {
  const environment = databaseEnvironment({ ...connection, ...app, database: databaseName });
  const order = { ...program, nodePath: runtime.nodePath, environment, port: await freePort(), signal };
  return httpContestant(name, order, server.postgres.pid, SECONDS);
}

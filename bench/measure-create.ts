import { spawnSync, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.ts';
import { PHASES, type RunResult } from '../src/domain/run.ts';
import { lastLine, openTestHome, type TestHome } from '../test/support/cli.ts';
import { endedChildrenCpuMs, familyCpuMsOf, usedMs, type CpuMs } from './measure/cpu-time.ts';
import { spreadOf, spreadText, type Spread } from './measure/spread.ts';
import { tableText } from './measure/table.ts';
import type { PartReport } from './part-report.ts';

const LAUNCHER = new URL('../bin/turbobackend.mjs', import.meta.url).pathname;
const PROMPT = 'a REST API for a blog with users, posts and comments';

interface Creation {
  readonly wallMs: number;
  /** Of the command and of all that it started and waited for: compiler, tests, servers on trial. */
  readonly cpuMs: CpuMs;
  readonly postgresCpuMs: CpuMs;
  readonly result: RunResult;
}

/** The command as a user calls it, from its start to its end: once on a machine that never saw it, then again. */
export async function measureCreate(rounds: number): Promise<PartReport> {
  const home = await openTestHome();
  let command: ChildProcess | undefined;
  const abandon = (): void => abandonHome(home.folder, command);
  const createOnce = (): Promise<Creation> => create(home, (child) => (command = child));
  process.once('exit', abandon);
  try {
    const first = await createOnce();
    const later: Creation[] = [];
    while (later.length < rounds) later.push(await createOnce());
    return { text: render(first, later), figures: { first: figuresOf([first]), later: figuresOf(later) } };
  } finally {
    await home.close();
    process.removeListener('exit', abandon);
  }
}

/** The bench is leaving in the middle. */
function abandonHome(folder: string, command: ChildProcess | undefined): void {
  command?.kill('SIGKILL');
  const env = { PATH: process.env['PATH'], HOME: folder, TURBOBACKEND_HOME: join(folder, 'state') };
  spawnSync(process.execPath, [LAUNCHER, 'down'], { env, stdio: 'ignore', timeout: 20_000 });
  rmSync(folder, { recursive: true, force: true });
}

async function create(home: TestHome, onCommand: (child: ChildProcess) => void): Promise<Creation> {
  const commandBefore = endedChildrenCpuMs();
  const postgresBefore = (await postgresCpuMs(home)) ?? 0;
  const startedMs = performance.now();
  const end = await home.start(['create', PROMPT, '--json'], (_line, child) => onCommand(child));
  const wallMs = performance.now() - startedMs;
  if (end.stdout === '') throw new Error(`create ended with ${end.exitCode}: ${end.stderr}`);
  const result = lastLine(end) as RunResult;
  if (result.status !== 'succeeded') throw new Error(`create ${result.status}: ${result.error?.message}`);
  return {
    wallMs,
    cpuMs: usedMs(commandBefore, endedChildrenCpuMs()),
    postgresCpuMs: usedMs(postgresBefore, await postgresCpuMs(home)),
    result,
  };
}

/** Undefined while it was never started. */
async function postgresCpuMs({ folder }: TestHome): Promise<CpuMs> {
  const postgres = await findEmbeddedPostgres(join(folder, 'state'));
  return postgres && familyCpuMsOf(postgres.pid);
}

/** What is told of creations, in order; some of it cannot be known everywhere. */
function rowsOf(creations: readonly Creation[]): readonly (readonly [string, string, readonly number[]])[] {
  const phaseMs = (name: string) =>
    creations.flatMap(({ result }) => result.phases.find(({ phase }) => phase === name)?.durationMs ?? []);
  return [
    ['in all', 'process started → ended', creations.map(({ wallMs }) => wallMs)],
    ['run', 'its first event → its result', creations.map(({ result }) => result.durationMs)],
    ...PHASES.map((phase) => [`· ${phase}`, '', phaseMs(phase)] as const),
    ['CPU', 'the command and what it waited for', creations.flatMap(({ cpuMs }) => cpuMs ?? [])],
    ['CPU of Postgres', '', creations.flatMap(({ postgresCpuMs: cpuMs }) => cpuMs ?? [])],
  ];
}

function render(first: Creation, later: readonly Creation[]): string {
  const firstRows = rowsOf([first]);
  const rows = rowsOf(later).map(([name, meaning, samples], index) => [
    name,
    meaning,
    (firstRows[index]?.[2][0] ?? NaN).toFixed(0),
    samples.length === 0 ? '–' : spreadText(spreadOf(samples), 0),
  ]);
  const title = `turbobackend create "${PROMPT}", once in an empty home and ${later.length} times after`;
  return `${title}\n${tableText(['', '', 'the first, ms', 'later ones, ms'], rows)}`;
}

function figuresOf(creations: readonly Creation[]): Record<string, Spread> {
  const rows = rowsOf(creations).filter(([, , samples]) => samples.length > 0);
  return Object.fromEntries(rows.map(([name, , samples]) => [name.replace('· ', ''), spreadOf(samples)]));
}

// Measures what a user waits for and pays for, each against the obvious way, side by side in one run:
//   npm run bench -- [--only provisioning|first-request|create|throughput] [--rounds N] [--json FILE]
// Ratios and CPU time per request bear a busy machine, milliseconds do not: the load is printed beside them.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { inspect, parseArgs } from 'node:util';
import { measureCreate } from './measure-create.ts';
import { measureFirstRequest } from './measure-first-request.ts';
import { measureProvisioning } from './measure-provisioning.ts';
import { measureThroughput } from './measure-throughput.ts';
import type { PartReport } from './part-report.ts';
import { withWorkbench, type Workbench } from './workbench.ts';

interface Part {
  /** By default; all of them together stay under three minutes on a quiet machine. */
  readonly rounds: number;
  measure(bench: Workbench, rounds: number): Promise<PartReport>;
}

const PARTS: Readonly<Record<string, Part>> = {
  provisioning: { rounds: 15, measure: measureProvisioning },
  'first-request': { rounds: 7, measure: measureFirstRequest },
  create: { rounds: 3, measure: (_bench, rounds) => measureCreate(rounds) },
  throughput: { rounds: 5, measure: measureThroughput },
};

const { only, rounds, json } = readOptions();
// What the parts started ends with this process, however it ends; only SIGKILL leaves them no time.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
const figures = await withWorkbench(measureParts);
if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);

async function measureParts(bench: Workbench): Promise<Record<string, unknown>> {
  const machine = {
    at: new Date().toISOString(),
    node: process.versions.node,
    postgres: bench.server.postgres.version,
    processor: cpus()[0]?.model ?? '',
    processors: availableParallelism(),
  };
  const { node, postgres, processor, processors } = machine;
  console.log(`Node ${node} · PostgreSQL ${postgres} · ${processors} × ${processor}\nmedian (least–most)`);
  const parts: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue;
    parts[name] = await measurePart(part, bench).catch((error: unknown) => {
      // The others are worth having all the same.
      console.error(`\n${name} could not be measured: ${inspect(error)}`);
      process.exitCode = 1;
    });
  }
  return { ...machine, parts };
}

async function measurePart(part: Part, bench: Workbench): Promise<unknown> {
  const before = loadOfMachine();
  const { text, figures: measured } = await part.measure(bench, rounds ?? part.rounds);
  const load = { before, after: loadOfMachine() };
  console.log(`\n${text}\n  load of the machine: ${load.before} before, ${load.after} after`);
  return { load, ...measured };
}

/** Of the last minute, our own share included. */
function loadOfMachine(): number {
  return Number((loadavg()[0] ?? 0).toFixed(1));
}

interface Options {
  readonly only: string | undefined;
  readonly rounds: number | undefined;
  readonly json: string | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'string' } },
  });
  const wanted = values.rounds === undefined ? undefined : Number(values.rounds);
  if (values.only !== undefined && !Object.hasOwn(PARTS, values.only)) refuse(`--only ${values.only}`);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) refuse(`--rounds ${values.rounds}`);
  return { only: values.only, rounds: wanted, json: values.json };
}

function refuse(option: string): never {
  console.error(`${option}: the parts are ${Object.keys(PARTS).join(', ')}; rounds are whole numbers from 1`);
  process.exit(2);
}

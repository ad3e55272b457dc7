// Measures a planner on labelled prompts: `npm run eval` on those of training/ that are held, by kind of text, and
// `npm run eval -- needs.jsonl schemas.jsonl …` on others. Every mean comes with the interval in which 95 of 100 resamples
// lie, and with the number of the version before, as bench/eval-before.json has it (`--keep` writes it). A row with a boolean
// `gold` asks whether a database is needed, a row with `gold.tables` for the schema. Rows may be scored by halves
// (`--rows odd|even`), so that one half can be looked at and the other kept for the truth, or the first `--most` alone.
// `--planner llm` asks the model that the environment names, within its budget, and tells what that cost. `--create n`
// also builds the first n prompts of each file for real, and counts the backends whose every gate passed.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/config.ts';
import { designSchema } from '../src/pipeline/design-schema.ts';
import type { TableNotation } from '../src/planner/builtin/notation.ts';
import { readLabelledPrompts } from '../training/labelled-prompts.ts';
import { openPlanPlanner } from '../src/wiring/open-model.ts';
import { intervalOf } from './interval.ts';
import { balancedAccuracy, type Answer } from './need-metric.ts';
import { measureViability } from './viability.ts';
import { scoreSchema, type SchemaScore, type ScoredTable } from './schema-metric.ts';

interface NeedRow {
  readonly prompt: string;
  readonly gold: boolean;
}

interface SchemaRow {
  readonly prompt: string;
  readonly gold: { readonly tables: readonly GoldTable[] };
}

interface GoldTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
  readonly fks?: readonly { readonly ref_table: string }[];
}

const { values, positionals } = parseArgs({
  options: {
    rows: { type: 'string', default: 'all' },
    planner: { type: 'string', default: 'builtin' },
    most: { type: 'string', default: 'Infinity' },
    create: { type: 'string', default: '0' },
    keep: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
// Named here, so that a key which happens to be around costs nothing.
const environment = { ...process.env, TURBOBACKEND_PLANNER: values.planner };
const { planner, costUsd } = await openPlanPlanner(loadConfig(environment));
const { signal } = new AbortController();

const BEFORE = new URL('eval-before.json', import.meta.url);
const before = JSON.parse(readFileSync(BEFORE, 'utf8')) as Record<string, number>;
const now: Record<string, number> = {};

if (positionals.length === 0) await evaluateHeld();
for (const file of positionals) await evaluate(file);
if (values.keep) writeFileSync(BEFORE, `${JSON.stringify({ ...before, ...now }, undefined, 2)}\n`);
if (planner.kind === 'llm') console.log(`cost: ${costUsd() === null ? 'not known' : `$${costUsd()?.toFixed(4)}`}`);

/** The prompts of training/ from which nothing was learned. */
async function evaluateHeld(): Promise<void> {
  const held = readLabelledPrompts().filter(({ isHeld }) => isHeld);
  for (const [kind, prompts] of [['all', held] as const, ...Map.groupBy(held, ({ kind: own }) => own)]) {
    console.log(`held prompts, ${kind}`);
    await evaluateNeeds(
      prompts.map(({ prompt, tables }) => ({ prompt, gold: tables !== undefined })),
      `held ${kind}`,
    );
    const rows = prompts.flatMap(({ prompt, tables }) =>
      tables ? [{ prompt, wanted: tables.map(labelledShape) }] : [],
    );
    if (rows.length > 0) await evaluateSchemas(rows, `held ${kind}`);
  }
}

function labelledShape({ name, columns }: TableNotation): ScoredTable {
  return {
    name,
    columns: columns.map((column) => column.name),
    references: columns.flatMap(({ references }) => references ?? []),
  };
}

async function evaluate(file: string): Promise<void> {
  const rows = readRows(file)
    .filter((_, index) => values.rows === 'all' || (values.rows === 'odd') === (index % 2 === 1))
    .slice(0, Number(values.most));
  const needs = rows.filter((row): row is NeedRow => typeof row.gold === 'boolean');
  const schemas = rows.filter((row): row is SchemaRow => typeof row.gold !== 'boolean');
  console.log(file);
  const name = basename(file);
  if (needs.length > 0) await evaluateNeeds(needs, name);
  const wanted = schemas.map(({ prompt, gold }) => ({ prompt, wanted: gold.tables.map(goldShape) }));
  if (wanted.length > 0) await evaluateSchemas(wanted, name);
  if (Number(values.create) > 0) await evaluateBackends(rows.slice(0, Number(values.create)));
}

function readRows(file: string): (NeedRow | SchemaRow)[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as NeedRow | SchemaRow);
}

/** The classifier's own weights have seen these rows if it was trained on them: bench/train-need.ts cross-validates. */
async function evaluateNeeds(rows: readonly NeedRow[], name: string): Promise<void> {
  const answers: Answer[] = [];
  for (const { prompt, gold } of rows)
    answers.push({ gold, answer: (await planner.detectNeed(prompt, signal)).needsDatabase });
  console.log(`  need: ${rows.length} rows, balanced accuracy ${tell(`${name}: need`, answers, balancedAccuracy)}`);
}

async function evaluateSchemas(
  rows: readonly { readonly prompt: string; readonly wanted: readonly ScoredTable[] }[],
  name: string,
): Promise<void> {
  const scores: SchemaScore[] = [];
  let sound = 0;
  for (const { prompt, wanted } of rows) {
    const designed = await designedShape(prompt);
    if (designed.length > 0) sound += 1;
    scores.push(scoreSchema(wanted, designed));
  }
  const mean = (part: keyof SchemaScore) =>
    tell(`${name}: ${part}`, scores, (some) => some.reduce((sum, score) => sum + score[part], 0) / some.length);
  console.log(
    `  schema: ${rows.length} rows, F1 of tables ${mean('table')}, columns ${mean('column')}, foreign keys ${mean('foreignKey')}, ` +
      `${sound} designs that the schema's checks accept`,
  );
}

/** A measure with its interval, and what it was before. */
function tell<Row>(name: string, rows: readonly Row[], measure: (some: readonly Row[]) => number): string {
  const value = measure(rows);
  const { low, high } = intervalOf(rows, measure);
  now[name] = Math.round(1000 * value) / 1000;
  const was = before[name] === undefined ? '' : `, was ${before[name].toFixed(3)}`;
  return `${value.toFixed(3)} [${low.toFixed(2)}–${high.toFixed(2)}${was}]`;
}

function goldShape({ name, columns, fks }: GoldTable): ScoredTable {
  return { name, columns: columns.map((column) => column.name), references: (fks ?? []).map((key) => key.ref_table) };
}

/** What would be built; a design that cannot be had or does not stand is an empty answer, which scores 0. */
async function designedShape(prompt: string): Promise<ScoredTable[]> {
  const work = { prompt, schemaSql: undefined, planner, signal };
  const designed = await designSchema({ ...work, ask: (_round, propose) => propose(signal) }).catch(() => undefined);
  return (designed?.design.schema.tables ?? []).map((table) => ({
    name: table.name,
    columns: table.columns.map((column) => column.name),
    references: table.foreignKeys.map((key) => key.referencedTable),
  }));
}

async function evaluateBackends(rows: readonly (NeedRow | SchemaRow)[]): Promise<void> {
  // They are built in a home of their own.
  const kept = Object.entries(environment).filter(([name, value]) => value && !/^(TURBOBACKEND_HOME|HOME)$/.test(name));
  const variables = Object.fromEntries(kept) as Record<string, string>;
  const viability = await measureViability(
    rows.map(({ prompt }) => prompt),
    variables,
  );
  const cost = viability.costUsd === undefined ? 'cost not known' : `$${viability.costUsd.toFixed(4)}`;
  const failures = viability.failures.length > 0 ? ` (${viability.failures.join(', ')})` : '';
  console.log(`  backends: ${viability.succeeded} of ${viability.created} passed every gate${failures}, ${cost}`);
}

// Measures a planner on labelled prompts: `npm run eval -- needs.jsonl schemas.jsonl …`. A row with a boolean
// `gold` asks whether a database is needed, a row with `gold.tables` for the schema. Rows may be scored by halves
// (`--rows odd|even`), so that one half can be looked at and the other kept for the truth, or the first `--most` alone.
// `--planner llm` asks the model that the environment names, within its budget, and tells what that cost. `--create n`
// also builds the first n prompts of each file for real, and counts the backends whose every gate passed.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/config.ts';
import { designSchema } from '../src/pipeline/design-schema.ts';
import { openPlanPlanner } from '../src/wiring/open-model.ts';
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
  },
  allowPositionals: true,
});
// Named here, so that a key which happens to be around costs nothing.
const environment = { ...process.env, TURBOBACKEND_PLANNER: values.planner };
const { planner, costUsd } = await openPlanPlanner(loadConfig(environment));
const { signal } = new AbortController();

if (positionals.length === 0) {
  console.log(
    'usage: npm run eval -- [--rows odd|even] [--most n] [--planner builtin|llm] [--create n] needs.jsonl schemas.jsonl …',
  );
}
for (const file of positionals) await evaluate(file);
if (planner.kind === 'llm') console.log(`cost: ${costUsd() === null ? 'not known' : `$${costUsd()?.toFixed(4)}`}`);

async function evaluate(file: string): Promise<void> {
  const rows = readRows(file)
    .filter((_, index) => values.rows === 'all' || (values.rows === 'odd') === (index % 2 === 1))
    .slice(0, Number(values.most));
  const needs = rows.filter((row): row is NeedRow => typeof row.gold === 'boolean');
  const schemas = rows.filter((row): row is SchemaRow => typeof row.gold !== 'boolean');
  console.log(file);
  if (needs.length > 0) await evaluateNeeds(needs);
  if (schemas.length > 0) await evaluateSchemas(schemas);
  if (Number(values.create) > 0) await evaluateBackends(rows.slice(0, Number(values.create)));
}

function readRows(file: string): (NeedRow | SchemaRow)[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as NeedRow | SchemaRow);
}

/** The classifier's own weights have seen these rows if it was trained on them: bench/train-need.ts cross-validates. */
async function evaluateNeeds(rows: readonly NeedRow[]): Promise<void> {
  const answers: Answer[] = [];
  for (const { prompt, gold } of rows)
    answers.push({ gold, answer: (await planner.detectNeed(prompt, signal)).needsDatabase });
  console.log(`  need: ${rows.length} rows, balanced accuracy ${balancedAccuracy(answers).toFixed(3)}`);
}

async function evaluateSchemas(rows: readonly SchemaRow[]): Promise<void> {
  const scores: SchemaScore[] = [];
  let sound = 0;
  for (const { prompt, gold } of rows) {
    const designed = await designedShape(prompt);
    if (designed.length > 0) sound += 1;
    scores.push(scoreSchema(gold.tables.map(goldShape), designed));
  }
  const mean = (part: keyof SchemaScore) =>
    (scores.reduce((sum, score) => sum + score[part], 0) / scores.length).toFixed(3);
  console.log(
    `  schema: ${rows.length} rows, F1 of tables ${mean('table')}, columns ${mean('column')}, foreign keys ${mean('foreignKey')}, ` +
      `${sound} designs that the schema's checks accept`,
  );
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

// Measures the built-in planner on labelled prompts: `npm run eval -- needs.jsonl schemas.jsonl …`. A row with a boolean
// `gold` asks whether a database is needed, a row with `gold.tables` for the schema. Rows may be scored by halves
// (`--rows odd|even`), so that one half can be looked at and the other kept for the truth.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BuiltinPlanner } from '../src/planner/builtin-planner/builtin-planner.ts';
import { balancedAccuracy, type Answer } from './need-metric.ts';
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

const planner = new BuiltinPlanner();
const { signal } = new AbortController();
const { values, positionals } = parseArgs({
  options: { rows: { type: 'string', default: 'all' } },
  allowPositionals: true,
});

if (positionals.length === 0) console.log('usage: npm run eval -- [--rows odd|even] needs.jsonl schemas.jsonl …');
for (const file of positionals) await evaluate(file);

async function evaluate(file: string): Promise<void> {
  const rows = readRows(file).filter(
    (_, index) => values.rows === 'all' || (values.rows === 'odd') === (index % 2 === 1),
  );
  const needs = rows.filter((row): row is NeedRow => typeof row.gold === 'boolean');
  const schemas = rows.filter((row): row is SchemaRow => typeof row.gold !== 'boolean');
  console.log(file);
  if (needs.length > 0) await evaluateNeeds(needs);
  if (schemas.length > 0) await evaluateSchemas(schemas);
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
  for (const { prompt, gold } of rows)
    scores.push(scoreSchema(gold.tables.map(goldShape), await proposedShape(prompt)));
  const mean = (part: keyof SchemaScore) =>
    (scores.reduce((sum, score) => sum + score[part], 0) / scores.length).toFixed(3);
  console.log(
    `  schema: ${rows.length} rows, F1 of tables ${mean('table')}, columns ${mean('column')}, foreign keys ${mean('foreignKey')}`,
  );
}

function goldShape({ name, columns, fks }: GoldTable): ScoredTable {
  return { name, columns: columns.map((column) => column.name), references: (fks ?? []).map((key) => key.ref_table) };
}

/** A failure is an empty answer, which scores 0. */
async function proposedShape(prompt: string): Promise<ScoredTable[]> {
  const proposal = await planner.proposeSchema(prompt, signal).catch(() => ({ tables: [] }));
  return proposal.tables.map(({ tableName, columns = [], createQuery }) => ({
    name: tableName,
    columns: columns.map((column) => column.name),
    references: [...createQuery.matchAll(/REFERENCES (\w+)/g)].map(([, target = '']) => target),
  }));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { SchemaProposal } from '../domain/schema-design.ts';
import {
  checkProposal,
  compareSchemas,
  proposalFromSql,
  quoteIdentifier,
  renderErSvg,
  renderMermaid,
  schemaSql,
} from './schema.ts';

const words = fc.constantFrom(
  ...`create table index type as enum comment on is alter add constraint primary key references unique check default not null
      user order "a b" a b id varchar(10) int text timestamptz ( ) , ; ' " $$ -- /* */ = > + :: [] . \\ now() extract where
      using gin generated always stored collate "C" cascade set drop select é 😀 \`\`\`sql`.split(/\s+/),
);

test('never throws, whatever it is given', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join(' ')),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('apply', 'tell'), async (sql, houseRules) => {
      const { design, findings } = await checkProposal(await proposalFromSql(sql), { houseRules });
      assert.equal(
        design === undefined,
        findings.some(({ severity }) => severity === 'error'),
      );
    }),
    { numRuns: 400 },
  );
});

const name = fc.oneof(
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/),
  fc.constantFrom(
    'user',
    'order',
    'group',
    'select',
    'createdAt',
    'User Name',
    'naïve',
    'password',
    'created_at',
    'id',
    'parent_id',
  ),
);
const type = fc.constantFrom(
  'int',
  'serial',
  'uuid',
  'varchar',
  'varchar(20)',
  'text',
  'text[]',
  'timestamptz',
  'timestamp',
  'date',
  'numeric(10,2)',
  'boolean',
  'jsonb',
  '"mood x"',
);
const column = fc.record({ name, type, required: fc.boolean(), unique: fc.boolean() });
const table = fc.record({
  name,
  columns: fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: (each) => each.name }),
  hasKey: fc.boolean(),
  references: fc.array(fc.nat({ max: 5 }), { maxLength: 3 }),
});
const proposal = fc.uniqueArray(table, { minLength: 1, maxLength: 6, selector: (each) => each.name }).map(toProposal);

test('says of its own statements that they are already as they should be', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(proposal, fc.constantFrom('apply', 'tell'), async (proposed, houseRules) => {
      const { design } = await checkProposal(proposed, { houseRules });
      if (!design) return;
      accepted += 1;
      const again = await checkProposal(await proposalFromSql(schemaSql(design.statements)), { houseRules });
      assert.deepEqual(again.design?.statements, design.statements, JSON.stringify(again.findings));
      assert.deepEqual(compareSchemas(design.schema, again.design.schema), []);
      assert.ok(!again.findings.some(({ severity }) => severity === 'change'), JSON.stringify(again.findings));
    }),
    { numRuns: 150 },
  );
  assert.ok(accepted > 50, `only ${accepted} of the designs were accepted`);
});

test('draws every design', async () => {
  await fc.assert(
    fc.asyncProperty(proposal, async (proposed) => {
      const { design } = await checkProposal(proposed, { houseRules: 'tell' });
      if (!design) return;
      const svg = await renderErSvg(design.schema);
      assert.match(svg, /^<svg [\s\S]*<\/svg>\n$/);
      assert.doesNotMatch(svg, /NaN|undefined/);
      assert.match(renderMermaid(design.schema), /^erDiagram\n/);
    }),
    { numRuns: 25 },
  );
});

/** The tables with references to each other's `id`, of the type that it has. */
function toProposal(
  tables: readonly {
    name: string;
    columns: readonly { name: string; type: string; required: boolean; unique: boolean }[];
    hasKey: boolean;
    references: readonly number[];
  }[],
): SchemaProposal {
  const written = tables.map(({ name: tableName, columns, hasKey, references }, index) => {
    const own = columns
      .filter((each) => each.name !== 'id')
      .map(
        (each) =>
          `${quoteIdentifier(each.name)} ${each.type}${each.required ? ' not null' : ''}${each.unique && each.type !== 'jsonb' ? ' unique' : ''}`,
      );
    const key = hasKey || references.length > 0 || index === 0 ? 'id uuid primary key' : 'id uuid unique';
    const targets = [...new Set(references)].flatMap((at) => tables[at] ?? []);
    const links = targets.map((target, at) => `ref_${at} uuid references ${quoteIdentifier(target.name)} (id)`);
    return {
      tableName,
      createQuery: `create table ${quoteIdentifier(tableName)} (${[key, ...own, ...links].join(', ')})`,
    };
  });
  return {
    tables: [{ tableName: '', createQuery: `create type "mood x" as enum ('ok', 'don''t')` }, ...written],
    warnings: [],
  };
}

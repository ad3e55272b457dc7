import type { ClientBase } from 'pg';
import type { Finding, SchemaProposal } from '../domain/schema-design.ts';
import {
  checkPostgresRules,
  checkReferences,
  loadPostgresParser,
  nameConstraints,
  readProposal,
  resolveReferences,
  type PostgresParser,
  type SchemaDraft,
} from '../schema/drafts.ts';
import { describeChange, refuseErrors, type CheckedChange } from './check-change.ts';
import { asCatalogHasIt } from './compare/as-catalog-has-it.ts';
import { compareDrafts } from './compare/compare-drafts.ts';
import { withUnsaid } from './compare/kept-unsaid.ts';
import { possibleRenames, takeRenames, type Rename } from './compare/renames.ts';
import { keeperOf, keptSchema } from './plan-steps.ts';
import { readDraft } from './read-draft.ts';

/** A schema that a database is to have. */
export interface TargetSchema {
  readonly proposal: SchemaProposal;
  /** What has another name in it. A rename is never guessed: what is not told of is dropped, and made anew. */
  readonly renames: readonly Rename[];
}

/** What leads from the schema there is to the target. Rejects with `CHANGE_REFUSED` or `SCHEMA_REFUSED`. */
export async function checkTarget(
  client: ClientBase,
  { proposal, renames }: TargetSchema,
  revision: number,
): Promise<CheckedChange> {
  const parser = await loadPostgresParser();
  const findings: Finding[] = [];
  const now = await readDraft(parser, client);
  const wanted = await asCatalogHasIt(client, parser, readTarget(parser, proposal, findings));
  const keep = keeperOf(keptSchema(revision));
  const renamed = takeRenames(now, wanted, renames, keep, findings);
  const target = proposal.given === undefined ? wanted : withUnsaid(renamed.target, wanted);
  findings.push(...notChangeable(renamed.target, target));
  refuseErrors(findings);
  const { steps, target: reached } = compareDrafts(renamed.target, target, keep);
  const planned = { steps: [...renamed.steps, ...steps], target: reached };
  const checked = await describeChange(client, parser, now, planned, findings);
  return { ...checked, possibleRenames: possibleRenames(renamed.target, target) };
}

function readTarget(parser: PostgresParser, proposal: SchemaProposal, findings: Finding[]): SchemaDraft {
  const { draft, names } = readProposal(parser, proposal, false, findings);
  const resolved = resolveReferences(draft);
  findings.push(...checkReferences(resolved, names), ...checkPostgresRules(resolved));
  refuseErrors(findings);
  const named = nameConstraints(resolved, false);
  findings.push(...named.findings);
  refuseErrors(findings);
  return named.draft;
}

/** What no step leads to. */
function notChangeable(now: SchemaDraft, target: SchemaDraft): readonly Finding[] {
  const extensions = target.extensions.filter((name) => !now.extensions.includes(name));
  const collations = target.tables.flatMap(({ name, columns }) =>
    columns
      .filter((wanted) => {
        const column = now.tables
          .find((table) => table.name === name)
          ?.columns.find((each) => each.name === wanted.name);
        return column !== undefined && column.collateC !== wanted.collateC;
      })
      .map((column) => `${name}.${column.name}`),
  );
  return [
    ...extensions.map((name) => ({
      severity: 'error' as const,
      code: 'extension',
      message: `The extension ${name} is not in the database`,
      fix: 'Leave out what needs it.',
    })),
    ...collations.map((place) => ({
      severity: 'error' as const,
      code: 'collation',
      message: `The collation of ${place} cannot be changed`,
      fix: 'Write it as it is.',
    })),
  ];
}

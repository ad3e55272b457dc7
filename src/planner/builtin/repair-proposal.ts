import type { Finding, ProposedTable, SchemaProposal } from '../../domain/schema-design.ts';
import type { Objections } from '../planner.ts';
import { TurboError } from '../../domain/errors.ts';

/**
 * The refused proposal without what was objected to: a statement that is complained of goes, else the column, else the
 * table. Rejects with `SCHEMA_DESIGN_FAILED` when nothing would be left or nothing can be told apart.
 */
export function repairProposal({ proposal, findings }: Objections): SchemaProposal {
  const errors = findings.filter((finding) => finding.severity === 'error');
  let tables = proposal.tables;
  const warnings = [...proposal.warnings];
  for (const error of errors) {
    const repaired = repairOne(tables, error);
    if (repaired === undefined) throw beyondRepair(error);
    tables = repaired.tables;
    warnings.push(repaired.warning);
  }
  if (tables.length === 0 || errors.length === 0) throw beyondRepair(errors[0]);
  return { ...proposal, tables, warnings };
}

interface Repair {
  readonly tables: readonly ProposedTable[];
  readonly warning: string;
}

function repairOne(tables: readonly ProposedTable[], error: Finding): Repair | undefined {
  const table =
    tables.find(({ tableName }) => tableName === error.table) ??
    tables.find(
      ({ createQuery }) => error.statement !== undefined && createQuery.includes(error.statement.slice(0, 100)),
    );
  // Already gone with an earlier objection.
  if (table === undefined)
    return error.table === undefined && error.statement === undefined
      ? undefined
      : { tables, warning: `Left out: ${error.message}` };
  const lesser = withoutStatement(table, error) ?? withoutColumn(table, error);
  if (lesser)
    return {
      tables: tables.map((other) => (other === table ? lesser : other)),
      warning: `Changed table ${table.tableName}: ${error.message}`,
    };
  return {
    tables: withoutTable(tables, table.tableName),
    warning: `Left out table ${table.tableName}: ${error.message}`,
  };
}

/** Drops an index, a comment or an enum that is complained of; the CREATE TABLE itself cannot go this way. */
function withoutStatement(table: ProposedTable, error: Finding): ProposedTable | undefined {
  const statements = table.createQuery.split(/;\s*\n/);
  const start = error.statement?.slice(0, 100).trim();
  const rest = statements.filter(
    (statement) => start === undefined || /^create\s+table/i.test(statement) || !statement.trim().startsWith(start),
  );
  return rest.length < statements.length ? { ...table, createQuery: rest.join(';\n') } : undefined;
}

/** Drops the columns that the objection names in quotes or by `table.column`. */
function withoutColumn(table: ProposedTable, error: Finding): ProposedTable | undefined {
  const names = (table.columns ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== 'id' && mentions(error.message, table.tableName, name));
  if (names.length === 0) return undefined;
  const isAbout = (line: string) =>
    names.some((name) => new RegExp(`^\\s*"?${name}"?\\s|\\(\\s*"?${name}"?\\s*[),]`).test(line));
  const statements = table.createQuery
    .split(/;\s*\n/)
    .filter((statement) => /^create\s+table/i.test(statement) || !isAbout(statement));
  const create = dropLines(statements[0] ?? '', isAbout);
  return {
    ...table,
    columns: table.columns?.filter(({ name }) => !names.includes(name)),
    createQuery: [create, ...statements.slice(1)].join(';\n'),
  };
}

function mentions(message: string, table: string, column: string): boolean {
  return new RegExp(`["'«\`]${column}["'»\`]|\\b${table}\\.${column}\\b|\\bcolumn ${column}\\b`).test(message);
}

/** Our own CREATE TABLE has one line a column. */
function dropLines(create: string, isAbout: (line: string) => boolean): string {
  const lines = create.split('\n');
  const body = lines
    .slice(1, -1)
    .filter((line) => !isAbout(line))
    .map((line) => line.replace(/,$/, ''));
  return [lines[0], body.join(',\n'), lines.at(-1)].join('\n');
}

/** Keys that point at the table go with it. */
function withoutTable(tables: readonly ProposedTable[], name: string): ProposedTable[] {
  return tables
    .filter((table) => table.tableName !== name)
    .map((table) => {
      const columns = (table.columns ?? []).filter(({ constraints }) =>
        new RegExp(`REFERENCES "?${name}"?\\b`).test(constraints),
      );
      return columns.reduce(
        (rest, column) =>
          withoutColumn(rest, { severity: 'error', code: 'left-out', message: `column ${column.name}` }) ?? rest,
        table,
      );
    });
}

function beyondRepair(error: Finding | undefined): TurboError {
  const reason = error === undefined ? 'nothing can be changed' : error.message;
  return new TurboError('SCHEMA_DESIGN_FAILED', `The built-in planner cannot repair its design: ${reason}`, {
    phase: 'design',
    fix: error?.fix ?? 'Describe the tables in the prompt, or hand over a .sql file with --schema.',
  });
}

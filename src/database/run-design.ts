import { createHash } from 'node:crypto';
import { type ClientBase, DatabaseError, escapeLiteral } from 'pg';
import type { DdlStatement, Finding, SchemaDesign } from '../domain/schema-design.ts';
import type { GeneratedQuery } from '../store/generated-queries.ts';

/** Lies in the database itself and is committed together with its tables: what tells that they were made. */
const MARK = 'turbobackend schema ';

// What a statement complains of when one before it failed.
const CONSEQUENCES = ['42P01', '42703', '42704'];

/**
 * Runs the statements as the database's owner and rolls them back; what Postgres objected to, or nothing: so also for a
 * database that holds the design already, since a run may begin anew.
 */
export async function rehearseDesign(owner: ClientBase, design: SchemaDesign): Promise<readonly Finding[]> {
  if ((await readMark(owner)) === markOf(design)) return [];
  return (await goesThrough(owner, [...textsOf(design), 'ROLLBACK'])) ? [] : findObjections(owner, design);
}

/** One by one, since one that is refused must not keep the others from being tried. */
async function findObjections(owner: ClientBase, design: SchemaDesign): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await owner.query('BEGIN');
  try {
    for (const statement of design.statements) {
      const objection = await objectionTo(owner, statement);
      if (objection && (findings.length === 0 || !CONSEQUENCES.includes(objection.code ?? ''))) {
        findings.push(toFinding(statement, objection));
      }
    }
  } finally {
    await owner.query('ROLLBACK');
  }
  return findings;
}

export interface DesignRun {
  /** Every statement, in order, with what became of it. */
  readonly queries: readonly GeneratedQuery[];
  /** Why nothing was made; undefined when everything was. */
  readonly failure: DatabaseError | undefined;
}

/** Runs the statements in one transaction, as the database's owner; afterwards all of it is there or none. */
export async function runDesign(owner: ClientBase, design: SchemaDesign): Promise<DesignRun> {
  return (await goesThrough(owner, [...textsOf(design), markStatement(design), 'COMMIT']))
    ? designHeld(design)
    : runOneByOne(owner, design);
}

/** To know which it is that fails. */
async function runOneByOne(owner: ClientBase, design: SchemaDesign): Promise<DesignRun> {
  let position = 0;
  await owner.query('BEGIN');
  try {
    for (; position < design.statements.length; position += 1) {
      await owner.query(design.statements[position]?.sql ?? '');
    }
    await owner.query(markStatement(design));
    await owner.query('COMMIT');
    return designHeld(design);
  } catch (error) {
    await owner.query('ROLLBACK').catch(() => {});
    if (!(error instanceof DatabaseError)) throw error;
    return { queries: design.statements.map(outcomeAt(position, error)), failure: error };
  }
}

/** In one transaction that the last of them ends, and one message; false when Postgres refused one of them. */
async function goesThrough(owner: ClientBase, statements: readonly string[]): Promise<boolean> {
  try {
    await owner.query(['BEGIN', ...statements].join(';\n'));
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') throw error;
    await owner.query('ROLLBACK');
    return false;
  }
}

function textsOf(design: SchemaDesign): readonly string[] {
  return design.statements.map((statement) => statement.sql);
}

function markStatement(design: SchemaDesign): string {
  return `COMMENT ON SCHEMA public IS ${escapeLiteral(markOf(design))}`;
}

/** Whether the database has been given its tables, whatever our own records say. */
export async function holdsDesign(owner: ClientBase): Promise<boolean> {
  return (await readMark(owner)).startsWith(MARK);
}

/** What `runDesign` comes to for a database that already holds the design. */
export function designHeld(design: SchemaDesign): DesignRun {
  return { queries: design.statements.map((statement) => toQuery(statement, 'done')), failure: undefined };
}

/** Empty when the database has been given no tables. */
async function readMark(owner: ClientBase): Promise<string> {
  const { rows } = await owner.query<{ mark: string | null }>(`SELECT obj_description('public'::regnamespace) AS mark`);
  return rows[0]?.mark ?? '';
}

async function objectionTo(owner: ClientBase, statement: DdlStatement): Promise<DatabaseError | undefined> {
  await owner.query('SAVEPOINT before_statement');
  try {
    await owner.query(statement.sql);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') throw error;
    await owner.query('ROLLBACK TO SAVEPOINT before_statement');
    return error;
  }
}

function toFinding(statement: DdlStatement, objection: DatabaseError): Finding {
  const detail = objection.detail === undefined ? '' : ` (${objection.detail})`;
  return {
    severity: 'error',
    code: 'rehearsal-failed',
    message: `Postgres refuses the statement: ${objection.message}${detail}.`,
    table: statement.table,
    statement: statement.sql.slice(0, 200),
    fix: objection.hint,
  };
}

function outcomeAt(
  failedAt: number,
  error: DatabaseError,
): (statement: DdlStatement, position: number) => GeneratedQuery {
  return (statement, position) => {
    if (position === failedAt) return { ...toQuery(statement, 'failed'), error: error.message };
    return toQuery(statement, position < failedAt ? 'rolled-back' : 'not-run');
  };
}

function toQuery({ kind, sql }: DdlStatement, outcome: GeneratedQuery['outcome']): GeneratedQuery {
  return { kind, sql, outcome };
}

function markOf(design: SchemaDesign): string {
  const hash = createHash('sha256').update(textsOf(design).join(';\n'));
  return MARK + hash.digest('hex');
}

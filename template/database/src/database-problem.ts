import pg from 'pg';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { Problem, type Complaint } from './problem.ts';

/** What Postgres objected to, as a problem; undefined when the error has nothing to do with Postgres. */
export function databaseProblem(error: unknown, method: string): Problem | undefined {
  if (error instanceof DatabaseUnavailable || isPoolExhausted(error)) {
    return new Problem(503, 'The database cannot be reached.', [], error);
  }
  if (!(error instanceof pg.DatabaseError)) return undefined;
  const code = error.code ?? '';
  return constraintProblem(code, error, method) ?? classProblem(code, error);
}

function constraintProblem(code: string, error: pg.DatabaseError, method: string): Problem | undefined {
  switch (code) {
    case '23505':
      return new Problem(409, 'There already is one with the same value.', complaints(error, 'is taken'));
    case '23P01':
      return new Problem(409, 'It overlaps with what is there.');
    case '23001':
      return stillReferenced(error);
    case '23503':
      if (method === 'DELETE') return stillReferenced(error);
      return new Problem(422, 'It refers to something that does not exist.', complaints(error, 'refers to nothing'));
    case '23502':
      return new Problem(422, 'A value is missing.', [
        { pointer: `/${error.column ?? ''}`, detail: 'must not be null' },
      ]);
    case '23514':
      return new Problem(422, `It breaks the rule ${error.constraint ?? 'of the table'}.`);
    case '54000':
      return new Problem(422, 'A value is too large to be indexed.');
    case '57014':
      return new Problem(503, 'The database took too long.', [], error);
    default:
      return undefined;
  }
}

function classProblem(code: string, error: pg.DatabaseError): Problem | undefined {
  // Data exceptions speak of the client's own value, nothing else.
  if (code.startsWith('22')) return new Problem(400, `The database refused a value: ${error.message}.`);
  // Raised by a trigger's rule.
  if (code === 'P0001') return new Problem(422, error.message);
  if (/^(08|53|57P|40|55P03|25006)/.test(code)) return new Problem(503, 'The database is busy. Try again.', [], error);
  return undefined;
}

function stillReferenced(error: pg.DatabaseError): Problem {
  return new Problem(409, `It is still referred to by ${error.table ?? 'other rows'}.`);
}

/** Postgres names the columns as «Key (a, b)=(1, 2) already exists.» */
function complaints(error: pg.DatabaseError, detail: string): Complaint[] {
  const columns = /^Key \(([^)=]+)\)=/.exec(error.detail ?? '')?.[1];
  return (columns ?? '')
    .split(', ')
    .filter(Boolean)
    .map((column) => ({ pointer: `/${column}`, detail }));
}

function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

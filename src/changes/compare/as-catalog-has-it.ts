import { randomBytes } from 'node:crypto';
import { DatabaseError, type ClientBase } from 'pg';
import { TurboError } from '../../domain/errors.ts';
import { canonicalSql, emitStatements, type PostgresParser, type SchemaDraft } from '../../schema/drafts.ts';
import { readDraft } from '../read-draft.ts';

/**
 * The draft as Postgres words it, so that it can be compared with a catalog: its statements run in a schema of their
 * own, which nobody else ever sees. Rejects with `SCHEMA_REFUSED` with what Postgres objects to.
 */
export async function asCatalogHasIt(
  client: ClientBase,
  parser: PostgresParser,
  draft: SchemaDraft,
): Promise<SchemaDraft> {
  const schema = `tb_compare_${randomBytes(6).toString('hex')}`;
  const { statements } = canonicalSql(parser, emitStatements({ ...draft, extensions: [] }));
  await client.query('BEGIN');
  try {
    await client.query(`CREATE SCHEMA ${schema}; SET LOCAL search_path TO ${schema}, public`);
    for (const { sql } of statements) await client.query(sql);
    return { ...(await readDraft(parser, client, schema)), extensions: draft.extensions };
  } catch (error) {
    throw error instanceof DatabaseError ? objected(error) : error;
  } finally {
    await client.query('ROLLBACK');
  }
}

function objected(cause: DatabaseError): TurboError {
  return new TurboError('SCHEMA_REFUSED', `Postgres refuses the given schema: ${cause.message}`, {
    cause,
    phase: 'design',
    fix: cause.hint ?? 'Change what it names in the schema file.',
  });
}

import type { DatabaseNeed } from '../../../domain/schema-design.ts';
import { findApiDocument } from './openapi-document.ts';
import { memoryOf } from './api-memory.ts';
import { readPastedSql } from './pasted-sql.ts';
import { readGiven } from './read-given.ts';

/** What a pasted schema or API document says of the need; undefined for prose. */
export async function needOfGiven(prompt: string): Promise<DatabaseNeed | undefined> {
  const document = findApiDocument(prompt);
  if (document !== undefined) {
    const { remembers, because } = memoryOf(document);
    const verdict = remembers ? 'a database is needed' : 'no database is needed';
    return {
      needsDatabase: remembers,
      reasoning: `In the pasted API document ${because}: ${verdict}.`,
      confidence: 0.9,
    };
  }
  if (readPastedSql(prompt).length > 0) return holdsSchema('SQL');
  const given = await readGiven(prompt);
  return given && holdsSchema(given.notation);
}

function holdsSchema(notation: string): DatabaseNeed {
  return { needsDatabase: true, reasoning: `The prompt holds its schema (${notation}).`, confidence: 1 };
}

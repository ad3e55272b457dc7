import type { Finding, SchemaProposal } from '../../../domain/schema-design.ts';

export const SCHEMA_PROMPT = `You design the PostgreSQL schema of a backend.

Design
- A table for each thing the request wants kept, with the columns it names and those that such a thing always has.
- Events and relations are tables too: "each order records ...", "students enroll in courses" (a junction table).
- No table for the product itself, nor for what the request does not ask for.
- A REST API is made from the tables; no tables for its sessions or logs unless asked for.

Rules
- tableName: plural snake_case. Column names: snake_case. No quoted identifiers.
- Every table has a primary key: id varchar PRIMARY KEY (a nano id that the backend makes), or for a junction table the
  pair of its foreign keys.
- Times are bigint unix seconds: created_at bigint NOT NULL. Dates without a time are date.
- Money is numeric(12,2); flags are boolean; free text is text; short text is varchar(n).
- A fixed set of values is a CHECK (status IN ('draft', 'published')).
- Foreign keys: REFERENCES other_table (id) ON DELETE CASCADE, RESTRICT or SET NULL, of the same type as the key.
- NOT NULL on whatever must be there. UNIQUE on what must not repeat. Passwords only as password_hash.

Answer
- createQuery: one CREATE TABLE, and after a semicolon its CREATE INDEX statements if any. Allowed besides:
  CREATE TYPE ... AS ENUM, COMMENT ON, ALTER TABLE ... ADD CONSTRAINT. Nothing else: no DROP, INSERT, functions, triggers,
  extensions, schemas, roles or grants.
- columns: every column of the CREATE TABLE, with exactly its name and type; constraints is the rest of its definition, or
  an empty string.`;

const MOST_FINDINGS = 30;

/** An earlier answer of the model's, as it goes back to it. */
export function proposalText({ tables }: SchemaProposal): string {
  return JSON.stringify({ tables });
}

/** What stands in the way of an answer. Changes that a house rule has made are no matter for the model. */
export function objectionsText(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const lines = errors.slice(0, MOST_FINDINGS).map(objectionLine);
  return `The schema was refused:\n${lines.join('\n')}\nAnswer again with the whole schema, these points mended and the rest as it is.`;
}

function objectionLine({ table, message, fix, statement }: Finding): string {
  const where = table === undefined ? '' : `${table}: `;
  const instead = fix === undefined ? '' : ` ${fix}`;
  return `- ${where}${message}.${instead}${statement === undefined ? '' : `\n  in: ${statement}`}`;
}

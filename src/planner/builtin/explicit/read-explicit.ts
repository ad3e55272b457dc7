import type { ProposedTable } from '../../../domain/schema-design.ts';
import type { DraftTable } from '../draft.ts';
import { readDbml } from './dbml.ts';
import { readOpenApi } from './openapi.ts';
import { readPastedSql } from './pasted-sql.ts';
import { proseAround, readShorthand } from './shorthand.ts';
import { readYaml } from './yaml.ts';

/** A design that the prompt spells out: as SQL, which is taken as it stands, or in a notation. */
export type Explicit =
  | { readonly kind: 'sql'; readonly tables: readonly ProposedTable[] }
  | {
      readonly kind: 'tables';
      readonly tables: readonly DraftTable[];
      /** The prompt as prose, when more is said than the tables. */
      readonly prose?: string | undefined;
    };

const MAX_CHARS = 60_000;

/** The design that the prompt spells out; undefined when it is prose. */
export function readExplicit(text: string): Explicit | undefined {
  const prompt = text.slice(0, MAX_CHARS);
  const pasted = readPastedSql(prompt);
  if (pasted.length > 0) return { kind: 'sql', tables: pasted };
  for (const read of [readOpenApi, readDbml, readYaml]) {
    const tables = read(prompt);
    if (tables.length > 0) return { kind: 'tables', tables };
  }
  const tables = readShorthand(prompt);
  return tables.length > 0 ? { kind: 'tables', tables, prose: proseAround(prompt) } : undefined;
}

import type { ProposedTable } from '../../../domain/schema-design.ts';
import { completeSchema } from './complete-schema.ts';
import type { GivenSchema } from './given-schema.ts';
import { findApiDocument } from './openapi-document.ts';
import {
  isDbml,
  isDjango,
  isDrizzle,
  isGraphql,
  isMongoose,
  isPrisma,
  isSqlalchemy,
  isTypescript,
} from './recognize.ts';
import { proseBeside } from './prose-beside.ts';
import { writeGiven } from './write-given.ts';

/** A schema that was pasted, as SQL of its own. */
export interface Given {
  /** What it was pasted as: `Prisma schema`. */
  readonly notation: string;
  readonly tables: readonly ProposedTable[];
  /** What was said around it; empty when nothing was. */
  readonly prose: string;
  readonly warnings: readonly string[];
}

interface Notation {
  readonly name: string;
  /** A few characters tell; nothing is parsed. */
  is(text: string): boolean;
  /** Rejects where the notation's own grammar is broken. */
  read(text: string): Promise<GivenSchema | undefined>;
}

/** The likeliest first. Each parser is loaded when its notation is met. */
const NOTATIONS: readonly Notation[] = [
  { name: 'Prisma schema', is: isPrisma, read: async (text) => (await import('./prisma.ts')).readPrisma(text) },
  { name: 'DBML', is: isDbml, read: async (text) => (await import('./dbml.ts')).readDbml(text) },
  { name: 'Drizzle schema', is: isDrizzle, read: async (text) => (await import('./drizzle.ts')).readDrizzle(text) },
  { name: 'Mongoose schema', is: isMongoose, read: async (text) => (await import('./mongoose.ts')).readMongoose(text) },
  { name: 'Django models', is: isDjango, read: async (text) => (await import('./django.ts')).readDjango(text) },
  {
    name: 'SQLAlchemy models',
    is: isSqlalchemy,
    read: async (text) => (await import('./sqlalchemy.ts')).readSqlalchemy(text),
  },
  { name: 'OpenAPI document', is: (text) => /["']?(?:openapi|swagger)["']?\s*:/i.test(text), read: readApi },
  { name: 'GraphQL schema', is: isGraphql, read: async (text) => (await import('./graphql.ts')).readGraphql(text) },
  {
    name: 'TypeScript types',
    is: isTypescript,
    read: async (text) => (await import('./typescript.ts')).readTypescript(text),
  },
  { name: 'JSON sample', is: (text) => /[[{]\s*(?:"[^"]+"\s*:|\{\s*")/.test(text), read: readSample },
  { name: 'table', is: (text) => /\n|\.csv\b/.test(text), read: readTable },
];

/** The schema that a prompt spells out in a notation other than SQL; undefined when it is prose. */
export async function readGiven(prompt: string): Promise<Given | undefined> {
  const text = prompt.replaceAll('\r\n', '\n');
  for (const notation of NOTATIONS.filter((one) => one.is(text))) {
    const read = await tryRead(notation, text);
    if (read === undefined || read.tables.length === 0) continue;
    const schema = completeSchema(read);
    return { notation: notation.name, tables: writeGiven(schema), prose: proseBeside(text), warnings: schema.leftOut };
  }
  return undefined;
}

/** What the parser makes of the text; undefined where the grammar of its notation is broken. */
async function tryRead(notation: Notation, text: string): Promise<GivenSchema | undefined> {
  try {
    return await notation.read(text);
  } catch {
    // Prose that happens to look like it: the next notation may fit, and prose at last.
    return undefined;
  }
}

async function readApi(text: string): Promise<GivenSchema | undefined> {
  const document = findApiDocument(text);
  return document && (await import('./openapi.ts')).readOpenApi(document);
}

async function readSample(text: string): Promise<GivenSchema | undefined> {
  const { findJson, readJsonSample } = await import('./json-sample.ts');
  const value = findJson(text);
  return value === undefined ? undefined : readJsonSample(value, nameFor(text));
}

async function readTable(text: string): Promise<GivenSchema | undefined> {
  return (await import('./sheets.ts')).readSheets(text, nameFor(text));
}

/** What the rows are, by the words around them: «store orders like {…}». */
function nameFor(text: string): string {
  const [lead = ''] = text.split(/[[{]/, 1);
  const words = `${lead} ${proseBeside(text)}`.match(/\p{L}{3,}s\b/giu) ?? [];
  return (
    words.find(
      (word) =>
        !/^(?:this|these|its|has|columns|fields|headers|rows|records|items|objects|tables|looks|contains|entries)$/i.test(
          word,
        ),
    ) ?? 'records'
  );
}

import type { AlterEnumStmt, CreateEnumStmt, Node } from 'libpg-query';
import { EXTENSIONS } from '../column-types.ts';
import { byteLength } from '../identifiers.ts';
import { LIMITS } from '../limits.ts';
import { parseMending } from '../mend-statement.ts';
import type { PostgresParser } from '../postgres-parser.ts';
import { sameSyntax } from '../same-syntax.ts';
import { hasTooManyWords, splitStatements } from '../split-statements.ts';
import { stringNode, textsOf } from '../syntax-nodes.ts';
import { DumpNotes } from './dump-notes.ts';
import { spellExtensionNames } from './extension-names.ts';
import { DumpTables, numberingOf, type Numbering } from './fold-tables.ts';
import { dropOmission, omissionOf, partDropOmission, type Making } from './left-out.ts';
import { unwrapDo } from './unwrap-do.ts';

export interface DumpStatement {
  readonly text: string;
  /** Undefined for what cannot be read. */
  readonly node: Node | undefined;
}

export interface DumpReading {
  readonly statements: readonly DumpStatement[];
  readonly notes: readonly string[];
  /** Whether there is a table in it; nothing is left out of a file that has none. */
  readonly isSchema: boolean;
}

/**
 * The statements of a file that are for the check to judge. What pg_dump, Drizzle, Prisma, Supabase and their like write
 * beside the schema is left out, and what they say in several statements is put together; `notes` tell of it, once for
 * each kind. Nothing is let through that way: what is left out never runs, and what is kept is judged like any other.
 */
export function readDump(parser: PostgresParser, pieces: readonly string[]): DumpReading {
  const notes = new DumpNotes();
  const all = pieces.flatMap((text) => read(parser, text));
  const isSchema = all.some(({ node }) => node && 'CreateStmt' in node);
  if (!isSchema) return { statements: pieces.map((text) => ({ text, node: undefined })), notes: [], isSchema };
  const kept = withoutDrops(all, notes).filter(({ node }) => !isLeftOut(node, notes));
  const views = new Set(all.flatMap(({ node }) => viewName(node) ?? []));
  const shaped = kept.filter(({ node }) => !isAboutView(node, views, notes));
  return { statements: putTogether(parser, shaped, notes), notes: notes.lines(), isSchema };
}

function read(parser: PostgresParser, text: string): readonly DumpStatement[] {
  if (byteLength(text) > LIMITS.statementBytes || hasTooManyWords(text)) return [{ text, node: undefined }];
  const parsed = parseMending(parser, text);
  const [node, ...more] = 'nodes' in parsed ? parsed.nodes : [];
  if (more.length > 0) return [{ text, node: undefined }];
  const inner = node && 'DoStmt' in node ? unwrapDo(node.DoStmt) : undefined;
  const pieces = inner === undefined ? undefined : splitStatements(inner);
  return pieces?.flatMap((piece) => read(parser, piece)) ?? [{ text, node }];
}

function withoutDrops(statements: readonly DumpStatement[], notes: DumpNotes): readonly DumpStatement[] {
  const made = madeIn(statements);
  return statements.filter(({ node }, index) => {
    if (!node || !('DropStmt' in node || 'AlterTableStmt' in node)) return true;
    const isMade = (name: string): Making => {
      const at = made.get(name);
      return at === undefined ? 'never' : at < index ? 'before' : 'later';
    };
    const omission =
      'DropStmt' in node ? dropOmission(node.DropStmt, isMade) : partDropOmission(node.AlterTableStmt, isMade);
    if (omission) notes.leaveOut(omission.what, omission.why);
    return omission === undefined;
  });
}

/** Where in the file something of the name is made. */
function madeIn(statements: readonly DumpStatement[]): ReadonlyMap<string, number> {
  return new Map(statements.map(({ node }, index) => [madeName(node) ?? '', index] as const).toReversed());
}

function madeName(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ('CreateStmt' in node) return node.CreateStmt.relation?.relname;
  if ('CreateSeqStmt' in node) return node.CreateSeqStmt.sequence?.relname;
  if ('IndexStmt' in node) return node.IndexStmt.idxname;
  if ('CreateSchemaStmt' in node) return node.CreateSchemaStmt.schemaname;
  if ('CreateEnumStmt' in node) return textsOf(node.CreateEnumStmt.typeName).at(-1);
  if ('CreateExtensionStmt' in node) return node.CreateExtensionStmt.extname;
  return undefined;
}

function isLeftOut(node: Node | undefined, notes: DumpNotes): boolean {
  const omission = node && omissionOf(node);
  if (omission) notes.leaveOut(omission.what, omission.why);
  return omission !== undefined;
}

function viewName(node: Node | undefined): string | undefined {
  if (node && 'ViewStmt' in node) return node.ViewStmt.view?.relname;
  return node && 'CreateTableAsStmt' in node ? node.CreateTableAsStmt.into?.rel?.relname : undefined;
}

/** Indexes of a view and comments on it go with it. */
function isAboutView(node: Node | undefined, views: ReadonlySet<string>, notes: DumpNotes): boolean {
  if (!node) return false;
  const commented = 'CommentStmt' in node && node.CommentStmt.object;
  const names = commented && 'List' in commented ? textsOf(commented.List.items) : [];
  const relation = 'IndexStmt' in node ? node.IndexStmt.relation?.relname : names.find((name) => views.has(name));
  if (relation === undefined || !views.has(relation)) return false;
  notes.leaveOut('what is said about views', 'queries belong in the backend');
  return true;
}

/** Every statement about a table's columns in its CREATE TABLE, about an enum's values in its CREATE TYPE. */
function putTogether(
  parser: PostgresParser,
  statements: readonly DumpStatement[],
  notes: DumpNotes,
): readonly DumpStatement[] {
  const copies = statements.map((original) => ({ ...original, node: structuredClone(original.node), original }));
  const nodes = copies.flatMap(({ node }) => node ?? []);
  const sequences = sequencesIn(nodes);
  const tables = new DumpTables(nodes, notes, statements.length > LIMITS.statements);
  const enums = enumsIn(nodes);
  const kept = copies
    .filter(({ node }) => !isSequence(node))
    .flatMap((copy) => takeChanges(copy, tables, enums, sequences).map((statement) => ({ ...copy, ...statement })));
  tables.numberColumns(sequences);
  tables.dropForeign();
  const extensions = extensionsIn(nodes);
  for (const { node } of kept) if (node) spellExtensionNames(node, extensions, notes);
  return kept.map((copy) => rewritten(parser, copy, copy.original.node));
}

function enumsIn(nodes: readonly Node[]): ReadonlyMap<string, CreateEnumStmt> {
  return new Map(
    nodes.flatMap((node) =>
      'CreateEnumStmt' in node
        ? [[textsOf(node.CreateEnumStmt.typeName).at(-1) ?? '', node.CreateEnumStmt] as const]
        : [],
    ),
  );
}

/** The extensions that the file creates; where they lie is not its to say. */
function extensionsIn(nodes: readonly Node[]): ReadonlySet<string> {
  return new Set(
    nodes.flatMap((node) => {
      if (!('CreateExtensionStmt' in node)) return [];
      const { options, extname } = node.CreateExtensionStmt;
      if (options && EXTENSIONS.has(extname ?? '')) delete node.CreateExtensionStmt.options;
      return extname ?? [];
    }),
  );
}

function sequencesIn(nodes: readonly Node[]): ReadonlyMap<string, Numbering> {
  return new Map(
    nodes.flatMap((node) => {
      if (!('CreateSeqStmt' in node)) return [];
      return [[node.CreateSeqStmt.sequence?.relname ?? '', numberingOf(node.CreateSeqStmt.options)] as const];
    }),
  );
}

/** Sequences come with the column that they number. */
function isSequence(node: Node | undefined): boolean {
  return node !== undefined && ('CreateSeqStmt' in node || 'AlterSeqStmt' in node);
}

/** The statement without what went into a CREATE TABLE or a CREATE TYPE; nothing when that was all. */
function takeChanges(
  statement: DumpStatement,
  tables: DumpTables,
  enums: ReadonlyMap<string, CreateEnumStmt>,
  sequences: ReadonlyMap<string, Numbering>,
): readonly DumpStatement[] {
  const { node } = statement;
  if (node && 'AlterEnumStmt' in node) return addEnumValue(enums, node.AlterEnumStmt) ? [] : [statement];
  if (!node || !('AlterTableStmt' in node)) return [statement];
  const { relation, cmds = [] } = node.AlterTableStmt;
  if (relation?.schemaname !== undefined && relation.schemaname !== 'public') return [statement];
  const rest = cmds.filter(
    (command) =>
      !('AlterTableCmd' in command && tables.take(relation?.relname ?? '', command.AlterTableCmd, sequences)),
  );
  return rest.length === 0 ? [] : [{ ...statement, node: { AlterTableStmt: { ...node.AlterTableStmt, cmds: rest } } }];
}

function addEnumValue(enums: ReadonlyMap<string, CreateEnumStmt>, statement: AlterEnumStmt): boolean {
  const { typeName, newVal, oldVal, newValNeighbor, newValIsAfter } = statement;
  const values = enums.get(textsOf(typeName).at(-1) ?? '')?.vals;
  if (!values || newVal === undefined || oldVal !== undefined) return false;
  const neighbour = values.findIndex((value) => 'String' in value && value.String.sval === newValNeighbor);
  const isThere = textsOf(values).includes(newVal);
  if (!isThere)
    values.splice(neighbour < 0 ? values.length : neighbour + (newValIsAfter ? 1 : 0), 0, stringNode(newVal));
  return true;
}

/** The statement's text, written anew where its tree is another than it was. */
function rewritten(parser: PostgresParser, { text, node }: DumpStatement, original: Node | undefined): DumpStatement {
  if (!node || JSON.stringify(node) === JSON.stringify(original)) return { text, node };
  try {
    const printed = parser.print(node).trim().replace(/;$/, '');
    const [again, ...more] = parser.parse(printed);
    if (again && more.length === 0 && sameSyntax(again, node)) return { text: printed, node };
  } catch {
    // What the printer does not know stays as it was written, for the check to refuse.
  }
  return { text, node: original };
}

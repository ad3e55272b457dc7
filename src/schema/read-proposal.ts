import type { AlterTableStmt, Node, TypeName } from 'libpg-query';
import type { Finding, ProposedTable, SchemaProposal } from '../domain/schema-design.ts';
import { checkSyntax, unwrap } from './check-syntax.ts';
import { byteLength, quoteIdentifier } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import type { PostgresParser } from './postgres-parser.ts';
import { addComment, commentedNames } from './read-comment.ts';
import { readConstraint } from './read-constraint.ts';
import { readEnum, readExtension } from './read-enum.ts';
import { readIndex } from './read-index.ts';
import { addConstraint, readTable } from './read-table.ts';
import { refuse, type Reading } from './reading.ts';
import type { SchemaDraft, TableDraft } from './schema-draft.ts';
import type { SchemaNames } from './schema-names.ts';
import { sourceStatements, type SourceStatement } from './source-statements.ts';
import { syntaxKey } from './same-syntax.ts';
import { textsOf } from './syntax-nodes.ts';

export interface ReadProposal {
  readonly draft: SchemaDraft;
  /** With those of statements that were refused. */
  readonly names: SchemaNames;
}

/** A draft of everything that could be read; what could not stands among the findings as an error. */
export function readProposal(
  parser: PostgresParser,
  proposal: SchemaProposal,
  isModels: boolean,
  findings: Finding[],
): ReadProposal {
  const texts = proposal.tables.map(sqlOf);
  const all = isTooMuch(texts, findings)
    ? []
    : texts.flatMap((sql) => sourceStatements(parser, sql, { isModels }, findings));
  checkCounts(all, findings);
  const statements = withoutRepetitions(all.slice(0, LIMITS.statements), findings);
  const defined = namesIn(statements.map(({ node }) => node));
  const sound = statements.filter((statement) => checkSyntax(readingOf(defined, statement, findings), statement.node));
  const names = { ...defined, refused: refusedNames(findings) };
  const draft = readStatements(names, sound, findings);
  if (draft.tables.length === 0 && !findings.some(({ severity }) => severity === 'error')) {
    findings.push({
      severity: 'error',
      code: 'no-tables',
      message: 'There is no table in it',
      fix: 'Write at least one CREATE TABLE.',
    });
  }
  return { draft, names };
}

/** A table that comes without SQL is written from its columns, and then read as if it had been proposed so. */
function sqlOf(table: ProposedTable): string {
  if (table.createQuery.trim() !== '' || !table.columns?.length) return table.createQuery;
  const columns = table.columns.map(({ name, type, constraints }) => `${quoteIdentifier(name)} ${type} ${constraints}`);
  return `CREATE TABLE ${quoteIdentifier(table.tableName)} (${columns.join(', ')})`;
}

function isTooMuch(texts: readonly string[], findings: Finding[]): boolean {
  const isLarge = texts.reduce((sum, text) => sum + byteLength(text), 0) > LIMITS.totalBytes;
  if (isLarge) {
    findings.push({
      severity: 'error',
      code: 'too-large',
      message: 'The SQL text is larger than 1 MB',
      fix: 'Leave out what is not schema.',
    });
  }
  return isLarge;
}

function checkCounts(statements: readonly SourceStatement[], findings: Finding[]): void {
  const tables = statements.filter(({ node }) => 'CreateStmt' in node).length;
  const tooMany = (what: string, limit: number) =>
    findings.push({
      severity: 'error',
      code: 'too-large',
      message: `More than ${limit} ${what}`,
      fix: 'Make the design smaller.',
    });
  if (statements.length > LIMITS.statements) tooMany('statements', LIMITS.statements);
  if (tables > LIMITS.tables) tooMany('tables', LIMITS.tables);
}

/** A statement that says the same as one before it is dropped; a name defined twice in different ways is an error. */
function withoutRepetitions(statements: readonly SourceStatement[], findings: Finding[]): readonly SourceStatement[] {
  const kept = new Map<string, SourceStatement>();
  const defined = new Set<string>();
  for (const statement of statements) {
    const { node, excerpt } = statement;
    const key = syntaxKey(node);
    const name = definedName(node);
    if (kept.has(key)) {
      findings.push({
        severity: 'note',
        code: 'repetition',
        message: 'The same statement was given before; it counts once',
        statement: excerpt,
      });
    } else if (name !== undefined && defined.has(name)) {
      const message = `${name} is defined twice, and differently`;
      findings.push({
        severity: 'error',
        code: 'duplicate-name',
        message,
        table: name,
        statement: excerpt,
        fix: 'Keep one of the two.',
      });
    } else {
      kept.set(key, statement);
      if (name !== undefined) defined.add(name);
    }
  }
  return [...kept.values()];
}

/** Tables and types share their names: each table is a type as well. */
function definedName(node: Node): string | undefined {
  if ('CreateStmt' in node) return node.CreateStmt.relation?.relname;
  return 'CreateEnumStmt' in node ? textsOf(node.CreateEnumStmt.typeName).at(-1) : undefined;
}

/** What is refused defines its names all the same, so that one mistake is not told many times. */
function namesIn(nodes: readonly Node[]): SchemaNames {
  return {
    refused: new Set(),
    extensions: new Set(
      nodes.flatMap((node) => ('CreateExtensionStmt' in node ? (node.CreateExtensionStmt.extname ?? []) : [])),
    ),
    enums: new Set(nodes.flatMap((node) => ('CreateEnumStmt' in node ? (definedName(node) ?? []) : []))),
    columnTypes: new Map(
      nodes.flatMap((node) => ('CreateStmt' in node ? [[definedName(node) ?? '', columnTypesIn(node)] as const] : [])),
    ),
    tables: new Map(
      nodes.flatMap((node) => ('CreateStmt' in node ? [[definedName(node) ?? '', columnNamesIn(node)] as const] : [])),
    ),
  };
}

const DEFINITION =
  /\bcreate\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|materialized)\s+)*(?:type|domain|table|view)\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/gi;

/** What the refused statements would have made. */
function refusedNames(findings: readonly Finding[]): ReadonlySet<string> {
  const statements = findings.flatMap(({ severity, statement }) => (severity === 'error' ? (statement ?? []) : []));
  const written = statements.flatMap((statement) => [...statement.matchAll(DEFINITION)].map(([, name = '']) => name));
  return new Set(written.map((name) => bareName(/(?:"[^"]+"|[^."]+)$/.exec(name)?.[0] ?? name)));
}

function bareName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1) : written.toLowerCase();
}

function columnNamesIn(node: Node): ReadonlySet<string> {
  const elements = 'CreateStmt' in node ? (node.CreateStmt.tableElts ?? []) : [];
  return new Set(elements.flatMap((element) => ('ColumnDef' in element ? (element.ColumnDef.colname ?? []) : [])));
}

function columnTypesIn(node: Node): ReadonlyMap<string, TypeName> {
  const elements = 'CreateStmt' in node ? (node.CreateStmt.tableElts ?? []) : [];
  return new Map(
    elements.flatMap((element) => {
      const { colname, typeName } = 'ColumnDef' in element ? element.ColumnDef : {};
      return colname !== undefined && typeName ? [[colname, typeName] as const] : [];
    }),
  );
}

function readingOf(names: SchemaNames, statement: SourceStatement, findings: Finding[]): Reading {
  return { names, statement: statement.excerpt, table: tableOf(statement.node), findings };
}

export function tableOf(node: Node): string | undefined {
  if ('CommentStmt' in node) return commentedNames(node.CommentStmt)[0];
  const [, fields] = unwrap(node);
  return (fields['relation'] as { relname?: string } | undefined)?.relname;
}

function readStatements(names: SchemaNames, statements: readonly SourceStatement[], findings: Finding[]): SchemaDraft {
  const extensions = new Set<string>();
  const enums = [];
  const tables = new Map<string, TableDraft>();
  for (const statement of statements) {
    const { node } = statement;
    const reading = readingOf(names, statement, findings);
    if ('CreateExtensionStmt' in node) extensions.add(readExtension(reading, node.CreateExtensionStmt) ?? '');
    if ('CreateEnumStmt' in node) enums.push(readEnum(reading, node.CreateEnumStmt) ?? []);
    const table = 'CreateStmt' in node ? readTable(reading, node.CreateStmt) : undefined;
    if (table) tables.set(table.name, table);
  }
  for (const statement of statements) extendTable(readingOf(names, statement, findings), statement.node, tables);
  return { extensions: [...extensions].filter(Boolean), enums: enums.flat(), tables: [...tables.values()] };
}

/** Statements about a table come after all tables, in whatever order they were written. */
function extendTable(reading: Reading, node: Node, tables: Map<string, TableDraft>): void {
  if (!('AlterTableStmt' in node || 'IndexStmt' in node || 'CommentStmt' in node)) return;
  const table = tables.get(reading.table ?? '');
  if (table) tables.set(table.name, extended(reading, node, table));
  else if (!reading.names.tables.has(reading.table ?? '') && !reading.names.refused.has(reading.table ?? '')) {
    refuse(
      reading,
      'unknown-table',
      `There is no table "${reading.table ?? ''}" in this schema`,
      'Add its CREATE TABLE.',
    );
  }
}

function extended(reading: Reading, node: Node, table: TableDraft): TableDraft {
  if ('AlterTableStmt' in node) return addConstraints(reading, node.AlterTableStmt, table);
  if ('CommentStmt' in node) return addComment(reading, node.CommentStmt, table);
  const index = 'IndexStmt' in node ? readIndex(reading, node.IndexStmt, table) : undefined;
  return index ? { ...table, indexes: [...table.indexes, index] } : table;
}

function addConstraints(reading: Reading, statement: AlterTableStmt, table: TableDraft): TableDraft {
  const constraints = (statement.cmds ?? []).flatMap((command) => {
    const definition = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
    return definition && 'Constraint' in definition ? (readConstraint(reading, definition.Constraint) ?? []) : [];
  });
  return constraints.reduce((draft, constraint) => addConstraint(reading, draft, constraint), table);
}

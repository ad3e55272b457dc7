import type { Constraint, IndexElem, Node, RangeVar, TypeName } from 'libpg-query';
import type { EnumType, ReferentialAction } from '../domain/database-schema.ts';
import type { DdlStatement } from '../domain/schema-design.ts';
import { COLUMN_TYPES } from './column-types.ts';
import type {
  CheckDraft,
  ColumnDraft,
  ColumnType,
  Deferral,
  ForeignKeyDraft,
  IndexDraft,
  IndexKeyDraft,
  PrimaryKeyDraft,
  SchemaDraft,
  TableDraft,
  UniqueDraft,
} from './schema-draft.ts';
import { stringNode } from './syntax-nodes.ts';
import { orderTables } from './table-order.ts';

/** A statement as a syntax tree of our own making. */
export interface StatementTree {
  readonly kind: DdlStatement['kind'];
  readonly table?: string;
  readonly node: Node;
}

/** The statements that make the draft's tables, in the order in which they must run. Every constraint has its name. */
export function emitStatements(draft: SchemaDraft): readonly StatementTree[] {
  const { tables, late } = orderTables(draft);
  return [
    ...draft.extensions.map((name) => ({ kind: 'extension', node: createExtension(name) }) as const),
    ...draft.enums.map((type) => ({ kind: 'enum', node: createEnum(type) }) as const),
    ...tables.map((table) => {
      const early = { ...table, foreignKeys: table.foreignKeys.filter((key) => !late.has(key)) };
      return { kind: 'table', table: table.name, node: createTable(early) } as const;
    }),
    // A foreign key may rest on a unique index that is no constraint, so indexes come first.
    ...tables.flatMap((table) =>
      table.indexes.map((index) => ({ kind: 'index', table: table.name, node: createIndex(table, index) }) as const),
    ),
    ...tables.flatMap((table) =>
      table.foreignKeys
        .filter((key) => late.has(key))
        .map(
          (key) => ({ kind: 'constraint', table: table.name, node: addConstraint(table, foreignKey(key)) }) as const,
        ),
    ),
    ...tables.flatMap((table) =>
      comments(table).map((node) => ({ kind: 'comment', table: table.name, node }) as const),
    ),
  ];
}

function createExtension(name: string): Node {
  return { CreateExtensionStmt: { extname: name, if_not_exists: true } };
}

function createEnum({ name, values }: EnumType): Node {
  return { CreateEnumStmt: { typeName: [stringNode(name)], vals: values.map(stringNode) } };
}

function createTable(table: TableDraft): Node {
  const constraints = [
    ...(table.primaryKey ? [primaryKey(table.primaryKey)] : []),
    ...table.uniques.map(unique),
    ...table.foreignKeys.map(foreignKey),
    ...table.checks.map(check),
  ];
  const tableElts = [
    ...table.columns.map(columnDefinition),
    ...constraints.map((constraint) => ({ Constraint: constraint })),
  ];
  return { CreateStmt: { relation: relation(table.name), tableElts, oncommit: 'ONCOMMIT_NOOP' } };
}

function relation(name: string): RangeVar {
  return { relname: name, inh: true, relpersistence: 'p' };
}

export function columnDefinition(column: ColumnDraft): Node {
  const constraints = [...columnConstraints(column)].map((constraint) => ({ Constraint: constraint }));
  return {
    ColumnDef: {
      colname: column.name,
      typeName: typeName(column.type),
      is_local: true,
      ...(column.collateC ? { collClause: { collname: [stringNode('C')] } } : {}),
      ...(constraints.length > 0 ? { constraints } : {}),
    },
  };
}

function* columnConstraints(column: ColumnDraft): Iterable<Constraint> {
  if (!column.nullable) yield { contype: 'CONSTR_NOTNULL', is_enforced: true, initially_valid: true };
  if (column.default) yield { contype: 'CONSTR_DEFAULT', raw_expr: column.default };
  if (column.identity) yield { contype: 'CONSTR_IDENTITY', generated_when: column.identity === 'always' ? 'a' : 'd' };
  if (column.generated) {
    const { expression, stored } = column.generated;
    yield {
      contype: 'CONSTR_GENERATED',
      raw_expr: expression,
      generated_when: 'a',
      generated_kind: stored ? 's' : 'v',
    };
  }
}

export function typeName(type: ColumnType): TypeName {
  const isKeyword = COLUMN_TYPES.get(type.name)?.keyword && !(type.name === 'bpchar' && type.modifiers.length === 0);
  return {
    names: [...(isKeyword ? ['pg_catalog'] : []), type.name].map(stringNode),
    typemod: -1,
    ...(type.modifiers.length > 0 ? { typmods: type.modifiers.map(integerConstant) } : {}),
    ...(type.arrayDimensions > 0
      ? { arrayBounds: Array.from({ length: type.arrayDimensions }, () => ({ Integer: { ival: -1 } })) }
      : {}),
  };
}

function integerConstant(value: number): Node {
  return { A_Const: { ival: value === 0 ? {} : { ival: value } } };
}

function primaryKey(key: PrimaryKeyDraft): Constraint {
  return {
    contype: 'CONSTR_PRIMARY',
    ...named(key.name),
    keys: key.columns.map(stringNode),
    ...deferral(key.deferral),
  };
}

function unique(key: UniqueDraft): Constraint {
  return {
    contype: 'CONSTR_UNIQUE',
    ...named(key.name),
    keys: key.columns.map(stringNode),
    nulls_not_distinct: key.nullsNotDistinct,
    ...deferral(key.deferral),
  };
}

function check({ name, expression }: CheckDraft): Constraint {
  return { contype: 'CONSTR_CHECK', ...named(name), raw_expr: expression, is_enforced: true, initially_valid: true };
}

const ACTION_CODES: Record<ReferentialAction, string> = {
  'no action': 'a',
  restrict: 'r',
  cascade: 'c',
  'set null': 'n',
  'set default': 'd',
};

function foreignKey(key: ForeignKeyDraft): Constraint {
  return {
    contype: 'CONSTR_FOREIGN',
    ...named(key.name),
    pktable: relation(key.referencedTable),
    fk_attrs: key.columns.map(stringNode),
    pk_attrs: key.referencedColumns.map(stringNode),
    fk_matchtype: 's',
    fk_upd_action: ACTION_CODES[key.onUpdate],
    fk_del_action: ACTION_CODES[key.onDelete],
    is_enforced: true,
    initially_valid: true,
    ...deferral(key.deferral),
  };
}

function named(name: string | undefined): Pick<Constraint, 'conname'> {
  return name === undefined ? {} : { conname: name };
}

function deferral(when: Deferral): Pick<Constraint, 'deferrable' | 'initdeferred'> {
  return when === undefined ? {} : { deferrable: true, initdeferred: when === 'deferred' };
}

function addConstraint(table: TableDraft, constraint: Constraint): Node {
  const command: Node = {
    AlterTableCmd: { subtype: 'AT_AddConstraint', def: { Constraint: constraint }, behavior: 'DROP_RESTRICT' },
  };
  return { AlterTableStmt: { relation: relation(table.name), cmds: [command], objtype: 'OBJECT_TABLE' } };
}

function createIndex(table: TableDraft, index: IndexDraft): Node {
  return {
    IndexStmt: {
      ...(index.name === undefined ? {} : { idxname: index.name }),
      relation: relation(table.name),
      accessMethod: index.method,
      indexParams: index.keys.map((key) => ({ IndexElem: indexKey(key) })),
      indexIncludingParams: index.include.map((name) => ({
        IndexElem: { name, ordering: 'SORTBY_DEFAULT', nulls_ordering: 'SORTBY_NULLS_DEFAULT' },
      })),
      ...(index.predicate ? { whereClause: index.predicate } : {}),
      unique: index.unique,
      nulls_not_distinct: index.nullsNotDistinct,
    },
  };
}

const NULLS_ORDER = { first: 'SORTBY_NULLS_FIRST', last: 'SORTBY_NULLS_LAST' } as const;

function indexKey(key: IndexKeyDraft): IndexElem {
  return {
    ...('column' in key.on ? { name: key.on.column } : { expr: key.on.expression }),
    ...(key.collateC ? { collation: [stringNode('C')] } : {}),
    ...(key.operatorClass === undefined ? {} : { opclass: [stringNode(key.operatorClass)] }),
    ordering: key.descending ? 'SORTBY_DESC' : 'SORTBY_DEFAULT',
    nulls_ordering: key.nulls ? NULLS_ORDER[key.nulls] : 'SORTBY_NULLS_DEFAULT',
  };
}

function comments(table: TableDraft): readonly Node[] {
  const onColumns = table.columns.flatMap((column) =>
    column.comment === undefined ? [] : [comment('OBJECT_COLUMN', [table.name, column.name], column.comment)],
  );
  return table.comment === undefined ? onColumns : [comment('OBJECT_TABLE', [table.name], table.comment), ...onColumns];
}

function comment(objtype: 'OBJECT_TABLE' | 'OBJECT_COLUMN', names: readonly string[], text: string): Node {
  return { CommentStmt: { objtype, object: { List: { items: names.map(stringNode) } }, comment: text } };
}

import type { IndexElem, IndexStmt, Node } from 'libpg-query';
import { OPERATOR_CLASSES } from './allowed-functions.ts';
import { checkCollation, checkStoredValue } from './check-expression.ts';
import { knownColumns } from './read-constraint.ts';
import { readName } from './read-name.ts';
import { placeOf, refuse, type Reading } from './reading.ts';
import type { IndexDraft, IndexKeyDraft, TableDraft } from './schema-draft.ts';
import { textsOf } from './syntax-nodes.ts';

/** A CREATE INDEX on a table of the proposal. */
export function readIndex(reading: Reading, statement: IndexStmt, table: TableDraft): IndexDraft | undefined {
  const name = statement.idxname;
  if (name !== undefined && readName(reading, 'index', name) === undefined) return undefined;
  const predicate = statement.whereClause;
  if (predicate) checkValue(reading, `The condition of an index on ${table.name}`, table, predicate);
  return {
    name,
    method: statement.accessMethod ?? 'btree',
    unique: statement.unique ?? false,
    nullsNotDistinct: statement.nulls_not_distinct ?? false,
    keys: elements(statement.indexParams).map((element) => readKey(reading, element, table)),
    include: knownColumns(
      reading,
      elements(statement.indexIncludingParams).map((element) => element.name ?? ''),
    ),
    predicate,
  };
}

function elements(nodes: readonly Node[] | undefined): readonly IndexElem[] {
  return (nodes ?? []).flatMap((node) => ('IndexElem' in node ? [node.IndexElem] : []));
}

function readKey(reading: Reading, element: IndexElem, table: TableDraft): IndexKeyDraft {
  if (element.expr) checkValue(reading, `An index on ${table.name}`, table, element.expr);
  else knownColumns(reading, [element.name ?? '']);
  if (element.collation) checkCollation(reading, `An index on ${table.name}`, element.collation);
  return {
    on: element.expr ? { expression: element.expr } : { column: element.name ?? '' },
    operatorClass: readOperatorClass(reading, element),
    descending: element.ordering === 'SORTBY_DESC',
    nulls: nullsOf(element),
    collateC: element.collation !== undefined,
  };
}

function checkValue(reading: Reading, where: string, table: TableDraft, expression: Node): void {
  const names = table.columns.map((column) => column.name);
  const zoned = table.columns.filter((column) => column.type.name === 'timestamptz').map((column) => column.name);
  checkStoredValue(reading, where, new Set(names), new Set(zoned), expression);
}

function readOperatorClass(reading: Reading, element: IndexElem): string | undefined {
  if (!element.opclass) return undefined;
  const name = textsOf(element.opclass).join('.');
  if (OPERATOR_CLASSES.has(name)) return name;
  return refuse(
    reading,
    'index-refused',
    `An index on ${placeOf(reading)} names the operator class ${name.slice(0, 80)}`,
    'Leave it out.',
  );
}

function nullsOf(element: IndexElem): IndexKeyDraft['nulls'] {
  if (element.nulls_ordering === 'SORTBY_NULLS_FIRST') return 'first';
  return element.nulls_ordering === 'SORTBY_NULLS_LAST' ? 'last' : undefined;
}

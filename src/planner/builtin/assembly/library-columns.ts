import type { DraftColumn } from '../draft.ts';
import type { Directory } from './directory.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { isAlternative, isFirm, isForSomebody, isLoose, isOnEither, isPartOf } from '../library/ties.ts';
import { entityBeside } from '../library/variants.ts';
import { inferColumn } from '../infer-column.ts';
import { singularName, tableName } from '../names.ts';
import { isPerson } from './directory.ts';

/** How much the library may add: all it knows, what a row cannot do without, or its ties to other tables alone, all or the needed. */
export type Measure = 'full' | 'lean' | 'all ties' | 'ties';

/** The columns that the library knows for a table, with its references turned to the tables of this design. */
export function libraryColumns(table: string, directory: Directory, measure: Measure): DraftColumn[] {
  const entity =
    entityBeside(table, directory.tables) ??
    (measure === 'lean' ? undefined : findEntity(singularName(table).split('_').at(-1) ?? ''));
  if (entity === undefined) return [];
  const columns = entity.columns
    .filter((column) => isWanted(column, measure))
    .map((column) => localColumn(column, table, directory, measure))
    .filter((column) => column !== undefined);
  const own = columns.filter((column, index) => !isRepeated(column, columns.slice(0, index)));
  return bindParents(entity.name, own, directory.tables);
}

/** What a row is called by: no told column makes it needless. */
const NAMING = /^(?:name|title|first_name|last_name|subject|label|code|number)$/;

function isWanted({ name, nullable, references }: DraftColumn, measure: Measure): boolean {
  if (measure === 'full') return true;
  if (measure === 'lean') return !nullable;
  if (measure === 'all ties' && NAMING.test(name)) return true;
  return references !== undefined && (measure === 'all ties' || !nullable);
}

/** Keys that a row cannot do without, now that the tables they point at are there. */
function bindParents(entity: string, columns: readonly DraftColumn[], tables: readonly string[]): DraftColumn[] {
  const alternatives = columns.filter((column) => isOpen(column) && isAlternative(entity, column.name));
  const told = columns.filter((column) => !(isOpen(column) && isImplied(entity, column, alternatives, tables)));
  const open = alternatives.filter((column) => told.includes(column));
  const things = open.filter(({ references = '' }) => !isPerson(references)).length || open.length;
  return told.map((column) => {
    const { name, references } = column;
    if (references === undefined) return column;
    const isFirmly = !column.nullable || isFirm(entity, name, things);
    if (isPerson(references)) return { ...column, nullable: !isFirmly };
    const isPart = isPartOf(entity, libraryName(references)) && (isFirmly || isAlternative(entity, name));
    return { ...column, nullable: !isFirmly, isPart };
  });
}

function isOpen({ references, nullable }: DraftColumn): boolean {
  return references !== undefined && nullable;
}

/** Whose payment it is, its invoice says; the project of a comment, its task. */
function isImplied(
  entity: string,
  column: DraftColumn,
  alternatives: readonly DraftColumn[],
  tables: readonly string[],
): boolean {
  const isWhole = ({ references = '' }: DraftColumn) =>
    entityBeside(references, tables)?.columns.some(
      (tie) =>
        tie.references !== undefined &&
        !isLoose(tie.name) &&
        libraryName(tie.references) === libraryName(column.references ?? ''),
    );
  if (isOnEither(entity)) return false;
  if (alternatives.includes(column) && alternatives.some((other) => other !== column && isWhole(other))) return true;
  const isOnThing = alternatives.some(({ references = '' }) => !isPerson(references));
  return entity === 'payments' && isOnThing && isPerson(column.references ?? '');
}

/** Two optional keys of the library that came to mean the same table here. */
function isRepeated(column: DraftColumn, before: readonly DraftColumn[]): boolean {
  return (
    column.nullable && column.references !== undefined && before.some((other) => other.references === column.references)
  );
}

function localColumn(
  column: DraftColumn,
  table: string,
  directory: Directory,
  measure: Measure,
): DraftColumn | undefined {
  if (column.references === undefined) return column;
  const references =
    roleTable(column, directory) ?? directory.resolve(column.references, !column.nullable || isForSomebody(table));
  if (references === undefined) return measure === 'full' ? stranger(column) : undefined;
  if (OF_ONESELF.has(column.name) && column.nullable && !isOwner(column.references, references)) return undefined;
  if (references === table && !column.nullable) return undefined;
  const isRenamed = column.name === `${singularName(column.references)}_id`;
  return { ...column, references, name: isRenamed ? `${singularName(references)}_id` : column.name };
}

/** Those who are kept under the role's own name: the hosts, where a show has its host among the users. */
function roleTable({ name, references = '' }: DraftColumn, { tables }: Directory): string | undefined {
  const named = tableName(name.replace(/_id$/, ''));
  return isPerson(references) ? tables.find((table) => table === named && isPerson(table)) : undefined;
}

const OF_ONESELF = new Set(['owner_id', 'worker_id', 'author_id']);

/** Clients and employees are not those to whom things belong, unless the library says so. */
function isOwner(target: string, references: string): boolean {
  return target !== 'users' || ['users', 'members', 'people', 'players'].includes(libraryName(references));
}

/** A person of whom the design keeps no table is kept by name. */
function stranger(column: DraftColumn): DraftColumn | undefined {
  if (
    column.nullable ||
    ['user_id', 'owner_id', 'requester_id'].includes(column.name) ||
    !['users', 'customers'].includes(column.references ?? '')
  )
    return undefined;
  return inferColumn(column.name.replace(/_id$/, '_name'));
}

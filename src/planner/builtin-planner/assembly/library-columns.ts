import type { DraftColumn } from '../draft.ts';
import type { Directory } from './directory.ts';
import { findEntity } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { inferColumn } from '../infer-column.ts';
import { singularName } from '../names.ts';

/** How much the library may add: all it knows, what a row cannot do without, or the ties to other tables alone. */
export type Measure = 'full' | 'lean' | 'ties';

/** The columns that the library knows for a table, with its references turned to the tables of this design. */
export function libraryColumns(table: string, directory: Directory, measure: Measure): DraftColumn[] {
  const entity =
    entityBeside(table, directory.tables) ??
    (measure === 'lean' ? undefined : findEntity(singularName(table).split('_').at(-1) ?? ''));
  if (entity === undefined) return [];
  const columns = entity.columns
    .filter(
      (column) => measure === 'full' || (!column.nullable && (measure === 'lean' || column.references !== undefined)),
    )
    .map((column) => localColumn(column, table, directory, measure))
    .filter((column) => column !== undefined);
  const own = columns.filter((column, index) => !isRepeated(column, columns.slice(0, index)));
  return bindParents(entity.name, own);
}

/** A comment is on one thing of several; with one of them in the design, it is always on that. */
const ON_ONE = new Set(
  'comments replies messages reactions likes votes reviews payments shipments bids registrations invoices attachments answers'.split(
    ' ',
  ),
);

/** An appointment is of everyone it names. */
const OF_ALL = new Set(
  'appointments bookings reservations loans grades enrollments rentals readings attendance_records class_bookings gps_positions trips'.split(
    ' ',
  ),
);

function bindParents(entity: string, columns: readonly DraftColumn[]): DraftColumn[] {
  const open = columns.filter(({ references, nullable }) => references !== undefined && nullable);
  const isBound = OF_ALL.has(entity) || (ON_ONE.has(entity) && open.length === 1);
  return columns.map((column) => (isBound && open.includes(column) ? { ...column, nullable: false } : column));
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
  const references = directory.resolve(column.references);
  if (references === undefined) return measure === 'full' ? stranger(column) : undefined;
  if (references === table && !column.nullable) return undefined;
  const isRenamed = column.name === `${singularName(column.references)}_id`;
  return { ...column, references, name: isRenamed ? `${singularName(references)}_id` : column.name };
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

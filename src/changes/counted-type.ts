import type { ColumnDraft, ColumnType } from '../schema/drafts.ts';
import type { Counter } from './change-step.ts';

/** How the column counts by itself. */
export function counterOf({ type, identity }: ColumnDraft): Counter {
  return identity ?? (type.name.endsWith('serial') ? 'serial' : undefined);
}

const INTEGERS: Readonly<Record<string, string>> = { smallserial: 'int2', serial: 'int4', bigserial: 'int8' };
const SERIALS: Readonly<Record<string, string>> = { int2: 'smallserial', int4: 'serial', int8: 'bigserial' };

/** The type of the column's values: a `serial` is an integer. */
export function valueType(type: ColumnType): ColumnType {
  return { ...type, name: INTEGERS[type.name] ?? type.name };
}

/** The type as a column that counts in this way has it. */
export function countedType(type: ColumnType, counter: Counter): ColumnType {
  const plain = valueType(type);
  return counter === 'serial' ? { ...plain, name: SERIALS[plain.name] ?? plain.name } : plain;
}

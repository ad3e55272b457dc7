import type { DatabaseSchema } from '../domain/database-schema.ts';

/** A type as `format_type` prints it, taken apart. */
export interface ColumnType {
  /** Without length, precision or array: `character varying`, `numeric`, an enum's name. */
  readonly name: string;
  /** `[12, 2]` of `numeric(12,2)`. */
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
  /** An enum's words. */
  readonly words: readonly string[] | undefined;
}

export function columnType(type: string, schema: DatabaseSchema): ColumnType {
  const isArray = type.endsWith('[]');
  const element = type.replace(/(\[\d*\])+$/, '');
  const words = schema.enums.find((known) => namesEnum(element, known.name))?.values;
  if (words) return { name: element, modifiers: [], isArray, words };
  const modifiers = /\(([\d, -]+)\)/.exec(element)?.[1] ?? '';
  return {
    name: element.replace(/\([\d, -]+\)/, ''),
    modifiers: modifiers.split(',').filter(Boolean).map(Number),
    isArray,
    words: undefined,
  };
}

/** `format_type` quotes a name that is no plain one and may put the schema in front. */
function namesEnum(printed: string, name: string): boolean {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  return [name, quoted, `public.${name}`, `public.${quoted}`].includes(printed);
}

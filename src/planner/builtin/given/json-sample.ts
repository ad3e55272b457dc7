import { singularName, snakeCase } from '../names.ts';
import type { GivenSchema } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import { typeOfValues } from './value-types.ts';

type Row = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 4;

/** The first JSON object or list of objects in a text; undefined when there is none. */
export function findJson(text: string): unknown {
  for (const match of text.matchAll(/[[{]\s*(?:"|\{)/g)) {
    const value = parseFrom(text, match.index);
    if (value !== undefined) return value;
  }
  return undefined;
}

function parseFrom(text: string, start: number): unknown {
  const close = text[start] === '{' ? '}' : ']';
  for (let end = text.lastIndexOf(close); end > start; end = text.lastIndexOf(close, end - 1)) {
    try {
      return JSON.parse(text.slice(start, end + 1));
    } catch {
      // The text goes on behind the JSON: the bracket before is tried.
    }
  }
  return undefined;
}

/** Tables for a JSON sample: lists of objects are tables, objects in objects are keys where they have an id, else JSON. */
export function readJsonSample(value: unknown, name: string): GivenSchema {
  const types: ObjectType[] = [];
  const roots =
    isRow(value) && Object.values(value).some(isRows) && !('id' in value)
      ? Object.entries(value)
      : [[name, value] as const];
  for (const [key, one] of roots) {
    const rows = isRows(one) ? one : isRow(one) ? [one] : [];
    if (rows.length > 0) addType(typeName(key), rows, types, 0);
  }
  return fromObjectTypes(types);
}

function addType(name: string, rows: readonly Row[], types: ObjectType[], depth: number): void {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const fields = names.map((field) => readField(field, rows, types, depth));
  const same = types.findIndex((type) => type.name === name);
  if (same === -1) types.push({ name, fields });
}

function readField(name: string, rows: readonly Row[], types: ObjectType[], depth: number): ObjectField {
  const values = rows.map((row) => (Object.hasOwn(row, name) ? row[name] : undefined));
  const known = values.filter((value) => value !== null && value !== undefined);
  const nullable = known.length < values.length || known.length === 0;
  const isKey = /^_?id$/.test(name) || undefined;
  if (depth < MAX_DEPTH && known.length > 0 && known.every(isRows)) {
    const target = typeName(name);
    addType(target, known.filter(isRows).flat(), types, depth + 1);
    return { name, target, isList: true, nullable: false };
  }
  if (depth < MAX_DEPTH && known.length > 0 && known.every((value) => isRow(value) && 'id' in value)) {
    const target = typeName(name);
    addType(target, known.filter(isRow), types, depth + 1);
    return { name, target, nullable };
  }
  if (known.length > 0 && known.every(isPlainList)) {
    const items = known.flat();
    return { name, type: items.length > 0 ? typeOfValues(name, items) : 'text', isList: true, nullable };
  }
  const type = typeOfValues(name, known);
  const isNumber = isKey && /^(?:integer|bigint)$/.test(type);
  return {
    name,
    type: isKey && !isNumber && type !== 'uuid' ? 'varchar' : type,
    nullable: nullable && !isKey,
    isKey,
    isCounted: isNumber || undefined,
  };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRow);
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

function typeName(key: string): string {
  const words = singularName(snakeCase(key)).split('_');
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}

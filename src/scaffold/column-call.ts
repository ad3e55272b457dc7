import type { Column as ApiColumn } from './backend/table/column.ts';
import * as columnRules from './backend/table/column-rules.ts';
import * as columnTypes from './backend/table/column-types.ts';
import { literal } from './code-text.ts';

/** The call of one of a generated backend's column functions, such as `nullable(text({ maxLength: 80 }))`. */
export interface ColumnCall {
  readonly name: keyof typeof columnRules | keyof typeof columnTypes;
  readonly args: readonly (ColumnCall | string | number | boolean | object | undefined)[];
}

export function call(name: ColumnCall['name'], ...args: ColumnCall['args'][number][]): ColumnCall {
  return { name, args: trimEnd(args) };
}

const FUNCTIONS: ReadonlyMap<string, unknown> = new Map(Object.entries({ ...columnTypes, ...columnRules }));

/** The call as source text. */
export function callSource({ name, args }: ColumnCall): string {
  return `${name}(${args.map((argument) => (isCall(argument) ? callSource(argument) : literal(argument))).join(', ')})`;
}

/** What the call gives in the backend, found out by making it. */
export function callResult({ name, args }: ColumnCall): ApiColumn {
  const make = FUNCTIONS.get(name) as (...values: unknown[]) => ApiColumn;
  return make(...args.map((argument) => (isCall(argument) ? callResult(argument) : argument)));
}

/** The names of the functions that the calls need, by the module of the backend that has them. */
export function calledNames(calls: readonly ColumnCall[]): { readonly types: string[]; readonly rules: string[] } {
  const names = [...new Set(calls.flatMap(namesIn))].toSorted();
  return { types: names.filter((name) => name in columnTypes), rules: names.filter((name) => name in columnRules) };
}

function namesIn({ name, args }: ColumnCall): string[] {
  return [name, ...args.filter(isCall).flatMap(namesIn)];
}

function isCall(argument: unknown): argument is ColumnCall {
  return typeof argument === 'object' && argument !== null && 'name' in argument && 'args' in argument;
}

/** Without the arguments at the end that say nothing. */
function trimEnd(args: ColumnCall['args'][number][]): ColumnCall['args'] {
  const last = args.findLastIndex((argument) => argument !== undefined && !isEmptyObject(argument));
  return args.slice(0, last + 1);
}

function isEmptyObject(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && !isCall(argument) && Object.keys(argument).length === 0;
}

import type { Finding } from '../domain/schema-design.ts';
import type { SchemaNames } from './schema-names.ts';

/** What a reader of one statement has at hand, and where it says what is wrong. */
export interface Reading {
  readonly names: SchemaNames;
  /** The statement's text, cut to 200 characters. */
  readonly statement: string;
  /** The table that the statement is about, once that is known. */
  readonly table: string | undefined;
  readonly findings: Finding[];
}

/** Notes an error about the statement being read; reading goes on, so that one look finds as much as possible. */
export function refuse(reading: Reading, code: string, message: string, fix?: string): undefined {
  const { table, statement } = reading;
  reading.findings.push({ severity: 'error', code, message, table, statement, fix });
}

/** `users.email`, or `users` alone: how messages name a place. */
export function placeOf(reading: Reading, column?: string): string {
  return [reading.table, column].filter((part) => part !== undefined).join('.') || 'the statement';
}

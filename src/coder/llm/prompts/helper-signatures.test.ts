import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signaturesOf } from './helper-signatures.ts';

test('tells what helpers are called with, and nothing of how they do it', () => {
  const source = `import { a } from './a.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Reads rows. */
export interface Database {
  /** Runs a SELECT. */
  read(statement: string): Promise<readonly Row[]>;
}

/** Opens it. */
export function openDatabase(
  settings: Settings,
): Database {
  const lanes = secret(a);
  return lanes;
}

export class Problem extends Error {
  readonly status: number;
  #hidden = 1;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const LIMIT: number = a * 7;

function secret(): void {}
`;
  assert.equal(
    signaturesOf(source),
    `export type Row = Readonly<Record<string, unknown>>;
/** Reads rows. */
export interface Database {
  /** Runs a SELECT. */
  read(statement: string): Promise<readonly Row[]>;
}
/** Opens it. */
export function openDatabase(
  settings: Settings,
): Database;
export class Problem extends Error {
  readonly status: number;
  constructor(status: number, detail: string);
}
export const LIMIT: number;`,
  );
});

import { readFile } from 'node:fs/promises';
import type { Row } from '../../db/create-sample-rows.ts';
import { accounts } from '../../src/auth/account-columns.ts';

/** What a client may say of an account when it signs up, from the sample rows. */
export async function sampleAccount(place: number): Promise<Row> {
  const samples = JSON.parse(await readFile(new URL('../../db/sample-rows.json', import.meta.url), 'utf8'));
  const row: Row = samples[accounts.name]?.[place] ?? {};
  const taken = Object.entries(accounts.columns).filter(([field, { readOnly }]) => !readOnly && field in row);
  return Object.fromEntries(taken.map(([field]) => [field, row[field]]));
}

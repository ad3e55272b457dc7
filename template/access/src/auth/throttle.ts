import { isIPv6 } from 'node:net';
import type { Database } from '../db.ts';
import { Problem } from '../problem.ts';

/** How many tries a quarter of an hour allows. The counts stand in Postgres, so that all processes share them. */
const LIMITS = { pair: 5, account: 100, address: 50, register: 20, reset: 5 } as const;

/** Counts a try, before it is made: a burst gets no further than tries one by one. Throws a 429. */
export async function countTry(db: Database, account: string, address: string): Promise<void> {
  await count(db, keysOf(account, address));
}

export async function countRegistration(db: Database, address: string): Promise<void> {
  await count(db, [`register ${networkOf(address)}`]);
}

export async function countReset(db: Database, account: string, address: string): Promise<void> {
  await count(db, [`reset ${account}`, `address ${networkOf(address)}`]);
}

async function count(db: Database, keys: readonly string[]): Promise<void> {
  const rows = await db.write({
    text: `INSERT INTO auth.tries AS tries (key, count, since)
           SELECT key, 1, now() FROM unnest($1::text[]) AS key ORDER BY key
           ON CONFLICT (key) DO UPDATE SET
             count = CASE WHEN tries.since < now() - interval '15 minutes' THEN 1 ELSE tries.count + 1 END,
             since = CASE WHEN tries.since < now() - interval '15 minutes' THEN now() ELSE tries.since END
           RETURNING key, count, ceil(extract(epoch FROM since + interval '15 minutes' - now()))::integer AS wait`,
    values: [keys],
  });
  const over = rows.filter(({ key, count }) => Number(count) > LIMITS[String(key).split(' ')[0] as keyof typeof LIMITS]);
  if (over.length === 0) return;
  const seconds = Math.max(...over.map(({ wait }) => Number(wait)));
  throw new Problem(429, `Too many tries. Try again in ${seconds} seconds.`);
}

/** Whoever knew the password may mistype it again, and has used up nobody's tries. */
export async function forgetTries(db: Database, account: string, address: string): Promise<void> {
  const [pair, ...shared] = keysOf(account, address);
  await db.write({
    text: `WITH gone AS (DELETE FROM auth.tries WHERE key = $1 OR since < now() - interval '1 day')
           UPDATE auth.tries SET count = count - 1 WHERE key = ANY ($2)`,
    values: [pair, shared],
  });
}

function keysOf(account: string, address: string): [string, string, string] {
  const network = networkOf(address);
  return [`pair ${network} ${account}`, `account ${account}`, `address ${network}`];
}

/** Who has one IPv6 address has 2^64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace('::ffff:', '');
  const [head = '', tail] = address.split('::');
  const [before, after] = [head.split(':'), (tail ?? '').split(':')].map((part) => part.filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - (before?.length ?? 0) - (after?.length ?? 0))).fill('0');
  return [...(before ?? []), ...zeros, ...(after ?? [])].slice(0, 4).join(':');
}

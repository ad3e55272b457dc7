import * as crypto from 'node:crypto';
import { Problem } from '../problem.ts';

// OWASP's minimum for argon2id, which Node has from 24.7 on, and for scrypt. A hash says how it was made, so that one
// made another way is still understood, and made anew when its password is next seen.
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1 };
const SCRYPT = { N: 2 ** 14, r: 8, p: 5 };
const HASH_BYTES = 32;

/** Hashing takes a core for a twentieth of a second and up: more than this many wait for another time. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 30;

export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(16);
  const hash = await derive(METHOD, password, salt);
  return [METHOD, base64(salt), base64(hash)].join('$');
}

/** Whether it is the password, and whether its hash should be made anew. A hash that nobody has takes as long. */
export async function checkPassword(password: string, hash: string | undefined): Promise<{ matches: boolean; isOld: boolean }> {
  const [name = '', costs = '', salt = '', expected = ''] = isHash(hash) ? hash.split('$') : DECOY.split('$');
  const method = `${name}$${costs}`;
  const found = await derive(method, password, Buffer.from(salt, 'base64url'));
  const wanted = Buffer.from(expected, 'base64url');
  const isEqual = wanted.length === found.length && crypto.timingSafeEqual(wanted, found);
  return { matches: isHash(hash) && isEqual, isOld: method !== METHOD };
}

function isHash(text: string | undefined): text is string {
  return /^(argon2id\$\d+,\d+,\d+|scrypt\$\d+,\d+,\d+)\$[\w-]{22}\$[\w-]{43}$/.test(text ?? '');
}

const METHOD =
  'argon2' in crypto
    ? `argon2id$${ARGON2.memory},${ARGON2.passes},${ARGON2.parallelism}`
    : `scrypt$${SCRYPT.N},${SCRYPT.r},${SCRYPT.p}`;

/** What an account that there is not is compared with: no password leads to it. */
const DECOY = [METHOD, base64(crypto.randomBytes(16)), base64(crypto.randomBytes(HASH_BYTES))].join('$');

function derive(method: string, password: string, salt: Buffer): Promise<Buffer> {
  const [name, costs = ''] = method.split('$');
  const [first = 0, second = 0, third = 0] = costs.split(',').map(Number);
  const text = password.normalize('NFKC');
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key));
        if (name === 'scrypt') {
          crypto.scrypt(text, salt, HASH_BYTES, { N: first, r: second, p: third, maxmem: 256 * first * second }, done);
        } else if ('argon2' in crypto) {
          const costs = { memory: first, passes: second, parallelism: third, tagLength: HASH_BYTES };
          crypto.argon2('argon2id', { message: text, nonce: salt, ...costs }, done);
        } else {
          const cause = new Error('This Node cannot check argon2id hashes: run 24.7 or newer.');
          reject(new Problem(503, 'Signing in is not possible at this moment.', [], cause));
        }
      }),
  );
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new Problem(503, 'Too many are signing in at this moment.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64url');
}

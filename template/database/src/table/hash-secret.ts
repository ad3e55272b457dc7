import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = 2 ** 14;
const SALT_BYTES = 12;
const MAX_HASH_BYTES = 32;

/** A salted scrypt hash, `salt$hash` in base64url, of at most `maxLength` characters. */
export async function hashSecret(secret: string, maxLength: number): Promise<string> {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const room = maxLength - salt.length - 1;
  const hash = await derive(secret, salt, Math.min(MAX_HASH_BYTES, Math.floor((room * 3) / 4)));
  return `${salt}$${hash.toString('base64url')}`;
}

/** Whether the secret is the one that was hashed. */
export async function isSecret(secret: string, hashed: string): Promise<boolean> {
  const [salt = '', encoded = ''] = hashed.split('$');
  const expected = Buffer.from(encoded, 'base64url');
  return expected.length > 0 && timingSafeEqual(await derive(secret, salt, expected.length), expected);
}

function derive(secret: string, salt: string, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, bytes, { N: COST }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '../domain/secret.ts';
import type { Passwords } from './project-passwords.ts';

const ITERATIONS = 4096;

/**
 * What Postgres stores for a password (RFC 5803). Made here, so that the password itself goes neither over the wire nor
 * into a log. Takes ASCII passwords only, as `newPassword` makes them: others would have to be prepared first.
 */
export async function scramVerifier(password: Secret): Promise<string> {
  const salt = randomBytes(16);
  const salted = await promisify(pbkdf2)(password.reveal(), salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** Of each role's password. */
export async function scramVerifiers({ owner, app, reader }: Passwords<Secret>): Promise<Passwords<string>> {
  const [ofOwner, ofApp, ofReader] = await Promise.all([owner, app, reader].map(scramVerifier));
  return { owner: ofOwner ?? '', app: ofApp ?? '', reader: ofReader ?? '' };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

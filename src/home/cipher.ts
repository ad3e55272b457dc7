import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret } from '../domain/secret.ts';

/** Turns secrets into text that can be stored, and back. */
export interface Cipher {
  seal(secret: Secret): string;
  /** Throws when the text was sealed with another key or changed since. */
  open(sealed: string): Secret;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function newKey(): Buffer {
  return randomBytes(32);
}

/** AES-256-GCM under `key` (32 bytes); sealed text is base64 of nonce, tag and ciphertext. */
export function makeCipher(key: Buffer): Cipher {
  return {
    seal(secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return new Secret(Buffer.concat([text, decipher.final()]).toString('utf8'));
    },
  };
}

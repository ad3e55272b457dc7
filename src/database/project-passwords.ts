import { randomBytes } from 'node:crypto';
import { Secret } from '../domain/secret.ts';

/** Turns passwords into text that the control database may hold, and back. */
export interface PasswordCipher {
  seal(password: Secret): string;
  open(sealed: string): Secret;
}

/** One for each role of a database. */
export interface Passwords<T> {
  readonly owner: T;
  readonly app: T;
  readonly reader: T;
}

export function newPasswords(): Passwords<Secret> {
  return { owner: newPassword(), app: newPassword(), reader: newPassword() };
}

/** 32 characters of [A-Za-z0-9_-], 192 random bits. */
export function newPassword(): Secret {
  return new Secret(randomBytes(24).toString('base64url'));
}

export function sealPasswords(cipher: PasswordCipher, passwords: Passwords<Secret>): Passwords<string> {
  return {
    owner: cipher.seal(passwords.owner),
    app: cipher.seal(passwords.app),
    reader: cipher.seal(passwords.reader),
  };
}

export function openPasswords(cipher: PasswordCipher, sealed: Passwords<string>): Passwords<Secret> {
  return { owner: cipher.open(sealed.owner), app: cipher.open(sealed.app), reader: cipher.open(sealed.reader) };
}

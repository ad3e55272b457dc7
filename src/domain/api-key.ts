import type { Id } from './ids.ts';

export type KeyId = Id<'key'>;

/** What a caller may do. Each scope includes those before it: `admin` may do everything. */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Who may call the service on an owner's behalf. The key itself is known to its holder alone. */
export interface ApiKey {
  readonly keyId: KeyId;
  readonly ownerId: string;
  /** What the owner calls it. */
  readonly name: string;
  /** How the key begins, so that its holder can tell it from others. */
  readonly prefix: string;
  readonly scope: Scope;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds, up to a minute behind; undefined when it never was. */
  readonly lastUsedAt: number | undefined;
}

/** Who makes a call. */
export interface Caller {
  readonly ownerId: string;
  readonly scope: Scope;
}

/** Whether a person holds such a key. Whoever may make keys of any scope could agree to anything, so no model is given one. */
export function isPersons(scope: Scope): boolean {
  return scope === 'admin';
}

export function covers(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

import { randomBytes } from 'node:crypto';

/** A string that only `newId` hands out for one kind of thing, so a run id never passes for a project id. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

export type ProjectId = Id<'project'>;
export type RunId = Id<'run'>;

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id: the kind's prefix and 16 characters of [0-9a-z], safe in a database name, a host name and a path. */
export function newId<Kind extends string>(prefix: Kind): Id<Kind> {
  return `${prefix}_${randomText(16)}` as Id<Kind>;
}

/** Whether a name that was found somewhere can be a project's id. */
export function isProjectId(text: string): text is ProjectId {
  return /^project_[0-9a-z]{16}$/.test(text);
}

/** `length` characters of [0-9a-z], each equally likely. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 252 is the largest multiple of 36 in a byte: what lies above would favour the first letters.
      if (byte < 252 && text.length < length) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}

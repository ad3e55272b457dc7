import { isRawNumber, parseJson } from '../exact-json.ts';
import { escapePointer, Problem } from '../problem.ts';

const MAX_DEPTH = 32;

/**
 * A request's body as JSON that can be stored: no broken text, not nested beyond reason. A number with more digits than
 * JavaScript keeps stays as it was written: a json column takes it so, any other refuses it.
 */
export function readJson(body: Buffer): unknown {
  const text = decode(body);
  const value = parse(text);
  refuseUnstorable(value);
  return value;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Problem(400, 'The body is not UTF-8 text.');
  }
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Problem(400, 'The body is not valid JSON.', [], cause);
  }
}

/** Walks with a list of its own: the depth of a body must not become the depth of our stack. */
function refuseUnstorable(root: unknown): void {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (depth > MAX_DEPTH) throw new Problem(400, `The body is nested more than ${MAX_DEPTH} levels deep.`);
    if (typeof value === 'string') refuseText(value, pointer);
    if (typeof value === 'number') refuseInfinity(value, pointer);
    if (typeof value !== 'object' || value === null) continue;
    if (isRawNumber(value)) {
      refuseVanishing(value, pointer);
      continue;
    }
    for (const [key, inner] of Object.entries(value)) {
      refuseText(key, pointer);
      if (['string', 'number', 'object'].includes(typeof inner)) {
        open.push({ value: inner, pointer: `${pointer}/${escapePointer(key)}`, depth: depth + 1 });
      }
    }
  }
}

/** What `1e400` is read as: JSON has no such number, and no answer could give it back. */
function refuseInfinity(number: number, pointer: string): void {
  if (Number.isFinite(number)) return;
  throw new Problem(400, 'The body holds a number that is too large.', [{ pointer, detail: 'must be at most 1.8e308' }]);
}

/** `1e-9999` is nothing to JavaScript, and ten thousand digits to Postgres. */
function refuseVanishing(number: unknown, pointer: string): void {
  if (Number(JSON.stringify(number)) !== 0) return;
  throw new Problem(400, 'The body holds a number that is too small.', [{ pointer, detail: 'must be 0 or at least 5e-324' }]);
}

function refuseText(text: string, pointer: string): void {
  if (isStorable(text)) return;
  throw new Problem(400, 'The body holds text that cannot be stored.', [
    {
      pointer: pointer.toWellFormed().replaceAll('\0', ''),
      detail: 'must not hold a NUL character or half a surrogate pair',
    },
  ]);
}

/** Postgres keeps no NUL character, and half a surrogate pair is no Unicode text. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

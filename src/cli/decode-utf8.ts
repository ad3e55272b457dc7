import { isUtf8 } from 'node:buffer';
import { TurboError } from '../domain/errors.ts';

/**
 * The text that the bytes of a file, or of standard input, stand for; a byte order mark at its start is left out.
 * Rejects with `USAGE` what is not UTF-8, `source` named: letters must not become others without a word.
 */
export function decodeUtf8(bytes: Buffer, source: string): string {
  const wide = WIDE_MARKS.find(([mark]) => bytes.subarray(0, mark.length).equals(mark));
  if (wide) throw notUtf8(source, `it is ${wide[1]}`, `iconv -f ${wide[1]} -t UTF-8`);
  if (!isUtf8(bytes)) throw notUtf8(source, whereItStops(bytes), 'iconv -f LATIN1 -t UTF-8');
  if (bytes.includes(0)) {
    throw notUtf8(source, `byte ${bytes.indexOf(0)} is NUL, as in UTF-16`, 'iconv -f UTF-16LE -t UTF-8');
  }
  return new TextDecoder().decode(bytes);
}

/** Longer ones first: UTF-16's mark begins UTF-32's. */
const WIDE_MARKS: readonly (readonly [mark: Buffer, name: string])[] = [
  [Buffer.from([0xff, 0xfe, 0, 0]), 'UTF-32'],
  [Buffer.from([0, 0, 0xfe, 0xff]), 'UTF-32'],
  [Buffer.from([0xff, 0xfe]), 'UTF-16'],
  [Buffer.from([0xfe, 0xff]), 'UTF-16'],
];

function notUtf8(source: string, problem: string, command: string): TurboError {
  return new TurboError('USAGE', `${source} is not UTF-8: ${problem}`, {
    fix: `Save it as UTF-8, for instance with ${command}.`,
  });
}

function whereItStops(bytes: Buffer): string {
  const at = validLength(bytes);
  const line = bytes.subarray(0, at).toString().split('\n').length;
  return `byte ${at} (0x${bytes[at]?.toString(16).padStart(2, '0').toUpperCase()}, in line ${line}) starts no letter`;
}

/** How many bytes at the start are whole letters. */
function validLength(bytes: Buffer): number {
  let [valid, broken] = [0, bytes.length + 1];
  while (broken - valid > 1) {
    const middle = Math.floor((valid + broken) / 2);
    if (startsAsUtf8(bytes.subarray(0, middle))) valid = middle;
    else broken = middle;
  }
  return Buffer.byteLength(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, valid), { stream: true }),
  );
}

/** Whether nothing is wrong with the bytes but that the last letter may not be whole yet. */
function startsAsUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

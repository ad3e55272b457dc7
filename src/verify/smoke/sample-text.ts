import randexp from 'randexp';
import { schemaFaults, type JsonSchema } from '../json-schema.ts';

/** Its types tell of an ES module; it is CommonJS, and exports the class itself. */
const RandExp = randexp as unknown as typeof randexp.default;

/** A text of the schema's pattern, format and length: the `number`th of several that should differ. */
export function sampleText(schema: Exclude<JsonSchema, boolean>, number: number): string {
  const fits = (text: string): boolean => schemaFaults(text, schema, () => undefined).length === 0;
  const least = Number(schema['minLength'] ?? 0);
  const most = Number(schema['maxLength'] ?? Infinity);
  const plain = number === 0 ? 'sample' : `sample${number}`;
  const made = FORMATS[String(schema['format'])]?.(number) ?? plain;
  const padded = made.padEnd(least, 'x').slice(0, most);
  if (fits(padded)) return padded;
  return textsOf(schema, number).find(fits) ?? padded;
}

/** By format. */
const FORMATS: Readonly<Record<string, (number: number) => string>> = {
  'date-time': (number) => `2026-03-01T12:${twoDigits(number)}:00Z`,
  date: (number) => `2026-03-${twoDigits(1 + number)}`,
  time: (number) => `12:${twoDigits(number)}:00Z`,
  duration: (number) => `P${1 + number}D`,
  uuid: (number) => `11111111-1111-4111-8111-1111111111${twoDigits(11 + number)}`,
  email: (number) => `someone${number || ''}@example.com`,
  'idn-email': (number) => `someone${number || ''}@example.com`,
  hostname: (number) => `host${number || ''}.example.com`,
  uri: (number) => `https://example.com/${number || ''}`,
  'uri-reference': (number) => `/sample${number || ''}`,
  url: (number) => `https://example.com/${number || ''}`,
  ipv4: (number) => `192.0.2.${1 + number}`,
  ipv6: (number) => `2001:db8::${1 + number}`,
  byte: () => 'c2FtcGxl',
  binary: () => 'sample',
  phone: (number) => `+4930123456${twoDigits(number)}`,
  regex: () => '^a+$',
  'json-pointer': () => '/sample',
};

function twoDigits(number: number): string {
  return String(number % 60).padStart(2, '0');
}

/** How often a repetition without an end is repeated, from the shortest text on. */
const REPETITIONS = [1, 2, 4, 8, 16, 32, 64];
/** Which of the possible characters is taken; always the same, so that every run sends the same. */
const CHOICES = 12;

/** Texts that match the pattern, as far as the library understands it. */
function textsOf({ pattern, minLength }: Exclude<JsonSchema, boolean>, number: number): string[] {
  if (typeof pattern !== 'string') return [];
  const least = Number(minLength ?? 1);
  return [...new Set([least, ...REPETITIONS])].flatMap((length) =>
    Array.from({ length: CHOICES }, (_, choice) => textOf(pattern, length, choice + number)).flatMap((text) => [
      text,
      // A pattern may say something about a part of the text alone.
      text.padEnd(least, 'x'),
      text.padEnd(least, '0'),
    ]),
  );
}

function textOf(pattern: string, length: number, choice: number): string {
  try {
    const source = new RandExp(pattern);
    source.max = length;
    let turn = choice;
    // The first number is a length as often as a place in a set of characters: both ends are tried.
    source.randInt = (from, to) => from + ((choice % 2 === 0 ? turn++ : to - from - (turn++ % 3)) % (to - from + 1));
    return source.gen();
  } catch {
    return '';
  }
}

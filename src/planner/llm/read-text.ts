import { z } from 'zod';

/** Text without the control characters that would end up in terminals and databases; line breaks and tabs stay. */
export const cleanText = z.string().transform((text) =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .toWellFormed(),
);

/** One line for people, at most so many characters long. */
export function lineOf(longest: number): z.ZodType<string> {
  return z.string().transform((text) => {
    const line = text
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .toWellFormed()
      .trim();
    return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
  });
}

/** `table_name` and `TableName` as `tableName`, since models write keys in the style of what the value is about. */
export function withPlainKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainKey(key), inner]));
}

function plainKey(key: string): string {
  const camel = key.replace(/[_\s-]+(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}

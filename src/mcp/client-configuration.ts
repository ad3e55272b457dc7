import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, parse as parseJson, type ParseError } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { parseDocument } from 'yaml';

/** What an editor starts to reach us. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that it is started with. */
  readonly env?: Readonly<Record<string, string>>;
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * A configuration with the entry at the path of keys. Other keys, comments and the look of the file stay, and so does what
 * the entry had besides. Each of these throws when the text is not such a configuration.
 */
export function enterInJson(text: string, path: readonly string[], entry: Entry): string {
  const errors: ParseError[] = [];
  const known: unknown = parseJson(text.trim() === '' ? '{}' : text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || typeof known !== 'object' || known === null) throw new Error('This is no JSON object');
  const before = text.trim() === '' ? '{}\n' : text;
  const after = leavesOf(entry).reduce(
    (changed, [keys, value]) => setInJson(changed, [...path, ...keys], value),
    before,
  );
  return text.trim() === '' && !after.endsWith('\n') ? `${after}\n` : after;
}

function setInJson(text: string, path: readonly string[], value: unknown): string {
  const current = path.reduce<unknown>((node, key) => (node as Entry | undefined)?.[key], parseJson(text) as unknown);
  if (isDeepStrictEqual(current, value)) return text;
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formatOf(text) }));
}

function formatOf(text: string) {
  const indent = /^\{\s*?\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** What is set key by key, so that comments and keys beside it stay. */
function leavesOf(entry: Entry, path: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  const given = Object.entries(entry).filter(([, value]) => value !== undefined);
  return given.flatMap(([key, value]) =>
    isTable(value) ? leavesOf(value, [...path, key]) : [[[...path, key], value] as const],
  );
}

function isTable(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function enterInYaml(text: string, path: readonly string[], entry: Entry): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error('This is no YAML');
  const before = document.toJS() as unknown;
  for (const [keys, value] of leavesOf(entry)) document.setIn([...path, ...keys], value);
  return isDeepStrictEqual(before, document.toJS()) ? text : document.toString();
}

/** `path` is that of a table. The text is changed line by line, since no parser keeps comments; the outcome is parsed. */
export function enterInToml(text: string, path: readonly string[], entry: Entry): string {
  const leaves = leavesOf(entry).map(([keys, value]) => ({
    table: [...path, ...keys.slice(0, -1)],
    key: keys.at(-1) ?? '',
    value,
  }));
  // Each is put at the head of its table, the outer table first.
  const wanted = leaves.toReversed().toSorted((a, b) => a.table.length - b.table.length);
  const after = wanted.reduce((changed, leaf) => setInToml(changed, leaf), text);
  for (const { table, key, value } of wanted) {
    if (!isDeepStrictEqual(valueAt(after, [...table, key]), value)) throw new Error(`${key} could not be entered`);
  }
  return after;
}

interface TomlLeaf {
  readonly table: readonly string[];
  readonly key: string;
  readonly value: unknown;
}

function setInToml(text: string, { table, key, value }: TomlLeaf): string {
  if (isDeepStrictEqual(valueAt(text, [...table, key]), value)) return text;
  const line = `${tomlKey(key)} = ${tomlValue(value)}\n`;
  const header = headerPattern(table).exec(text);
  if (!header && isInline(text, table)) {
    const merged = { ...(valueAt(text, table) as Entry), [key]: value };
    return setInToml(text, { table: table.slice(0, -1), key: table.at(-1) ?? '', value: merged });
  }
  if (!header) {
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${before}${before === '' ? '' : '\n'}[${table.map(tomlKey).join('.')}]\n${line}`;
  }
  const start = header.index + header[0].length;
  const rest = text.slice(start);
  const length = /^\s*\[/m.exec(rest)?.index ?? rest.length;
  return `${text.slice(0, start)}\n${line}${withoutKey(rest.slice(0, length), key).replace(/^\r?\n/, '')}${rest.slice(length)}`;
}

/** Whether the table is written as a value: `env = { A = "b" }`. */
function isInline(text: string, table: readonly string[]): boolean {
  const written = new RegExp(`^[ \\t]*${table.at(-1) ?? ''}[ \\t]*=[ \\t]*\\{`, 'm');
  return headerPattern(table.slice(0, -1)).test(text) && written.test(text) && isTable(valueAt(text, table));
}

function withoutKey(body: string, key: string): string {
  return body.replace(
    new RegExp(`^[ \\t]*(?:${key}|"${key}")[ \\t]*=[ \\t]*(?:\\[[^\\]]*\\]|[^\\n]*).*(?:\\n|$)`, 'm'),
    '',
  );
}

function headerPattern(table: readonly string[]): RegExp {
  return new RegExp(
    `^[ \\t]*\\[${table.map((key) => `[ \\t]*(?:${key}|"${key}")[ \\t]*`).join('\\.')}\\][ \\t]*(?:#.*)?$`,
    'm',
  );
}

function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A JSON string is a TOML string, and a list of them a list. */
function tomlValue(value: unknown): string {
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${tomlKey(key)} = ${tomlValue(inner)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return Array.isArray(value) ? `[${value.map(tomlValue).join(', ')}]` : JSON.stringify(value);
}

function valueAt(text: string, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Entry | undefined)?.[key], parseToml(text));
}

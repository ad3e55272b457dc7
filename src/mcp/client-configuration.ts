/** What an editor starts to reach us. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

const SERVER_NAME = 'turbobackend';

/** A JSON configuration with our server under `key`. Throws when the text is not such a configuration. */
export function enterInJson(text: string, key: string, server: object): string {
  const configuration = text.trim() === '' ? {} : readObject(JSON.parse(text));
  const servers = readObject(configuration[key] ?? {});
  const known = readObject(servers[SERVER_NAME] ?? {});
  const entered = { ...configuration, [key]: { ...servers, [SERVER_NAME]: { ...known, ...server } } };
  // Only what changes anything is written, so that a file keeps the look that its owner gave it.
  if (JSON.stringify(entered) === JSON.stringify(configuration)) return text;
  return `${JSON.stringify(entered, null, indentOf(text))}\n`;
}

function readObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error('An object is expected');
}

function indentOf(text: string): string {
  return /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
}

const OWN_TABLE = new RegExp(`^\\[mcp_servers\\.(?:${SERVER_NAME}|"${SERVER_NAME}")\\][ \\t]*(?:#.*)?$`, 'm');

/** A TOML configuration with a table of ours; other keys of that table stay. */
export function enterInToml(text: string, { command, args }: ServerCommand): string {
  // A JSON string is a TOML string.
  const own = `command = ${JSON.stringify(command)}\nargs = [${args.map((arg) => JSON.stringify(arg)).join(', ')}]\n`;
  const table = OWN_TABLE.exec(text);
  if (!table) {
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${before}${before === '' ? '' : '\n'}[mcp_servers.${SERVER_NAME}]\n${own}`;
  }
  const start = table.index + table[0].length;
  const rest = text.slice(start);
  const length = /^\[/m.exec(rest)?.index ?? rest.length;
  const kept = rest
    .slice(0, length)
    .replace(/^command[ \t]*=.*(?:\n|$)/m, '')
    .replace(/^args[ \t]*=[ \t]*\[[^\]]*\].*(?:\n|$)/m, '')
    .replace(/^\n/, '');
  return `${text.slice(0, start)}\n${own}${kept}${rest.slice(length)}`;
}

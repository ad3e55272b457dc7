/** What a document holds, by its keys. */
export type Tree = Readonly<Record<string, unknown>>;

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Reads the plain part of YAML: nested maps, lists and scalars. No anchors, no block scalars, no types but text. */
export function readYamlTree(text: string): Tree {
  const lines = text
    .split('\n')
    .map((line) => ({ indent: line.length - line.trimStart().length, text: line.replace(/\s+#.*$/, '').trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));
  const value = readBlock(lines, lines[0]?.indent ?? 0);
  return Array.isArray(value) || typeof value !== 'object' ? {} : (value as Tree);
}

function readBlock(lines: readonly Line[], indent: number): unknown {
  return lines[0]?.text.startsWith('- ') ? readItems(lines, indent) : readMap(lines, indent);
}

function readItems(lines: readonly Line[], indent: number): unknown[] {
  return lines
    .filter((line) => line.indent === indent && line.text.startsWith('- '))
    .map((line) => scalar(line.text.slice(2)));
}

function readMap(lines: readonly Line[], indent: number): Tree {
  const entries: [string, unknown][] = [];
  for (const [index, line] of lines.entries()) {
    const match = line.indent === indent ? /^(["']?)([^"':]+|\/[^"']*)\1\s*:\s*(.*)$/.exec(line.text) : undefined;
    if (!match) continue;
    entries.push([match[2] ?? '', match[3] ? scalar(match[3]) : readBody(lines.slice(index + 1), indent)]);
  }
  return Object.fromEntries(entries);
}

function readBody(after: readonly Line[], indent: number): unknown {
  const end = after.findIndex(
    (line) => line.indent < indent || (line.indent === indent && !line.text.startsWith('- ')),
  );
  const body = end === -1 ? after : after.slice(0, end);
  return body.length === 0 ? '' : readBlock(body, body[0]?.indent ?? 0);
}

function scalar(text: string): unknown {
  const list = /^\[(.*)\]$/.exec(text.trim())?.[1];
  if (list !== undefined) return list.split(',').map((part) => unquote(part.trim()));
  const map = /^\{(.*)\}$/.exec(text.trim())?.[1];
  if (map !== undefined)
    return Object.fromEntries(
      map.split(',').map((part) =>
        part
          .split(/:(.*)/s)
          .slice(0, 2)
          .map((side) => unquote(side.trim())),
      ),
    );
  return unquote(text.trim());
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

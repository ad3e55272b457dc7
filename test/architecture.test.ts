import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

// The table in ARCHITECTURE.md is the rule; this test holds the code to it, so neither can drift from the other.

interface Room {
  readonly fronts: readonly string[];
  readonly mayImport: ReadonlySet<string>;
}

const source = new URL('../src/', import.meta.url).pathname;
const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.test.ts'));
const imports = new Map(files.map((file) => [file, readImports(file)]));
const rooms = readRooms(readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8'));

test('every room of src/ has a row in the table, and every row a room', () => {
  assert.deepEqual([...new Set(files.map(roomOf))].toSorted(), [...rooms.keys()].toSorted());
});

test('rooms import only the rooms they may, through the front', () => {
  const broken = [...imports].flatMap(([file, targets]) =>
    targets.map((target) => complaint(file, target)).filter(Boolean),
  );
  assert.deepEqual(broken, []);
});

test('no module imports itself, directly or through others', () => {
  const cycles = files.filter((file) => reach(file).has(file));
  assert.deepEqual(cycles, []);
});

test('connections to Postgres are opened in one place', () => {
  const openers = files.filter((file) => {
    const [, names = ''] =
      /^import (?!type\b)([^;]*?) from 'pg';$/m.exec(readFileSync(join(source, file), 'utf8')) ?? [];
    return /(?<!type )\b(?:Client|Pool|pg|native)\b/.test(names);
  });
  assert.deepEqual(openers, ['postgres/open-client.ts']);
});

function complaint(file: string, target: string): string | undefined {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === to) return undefined;
  const rule = rooms.get(from);
  if (rule?.mayImport.has('every room')) return undefined;
  if (!rule?.mayImport.has(to)) return `${from} may not import ${to}: ${file} -> ${target}`;
  return isOpen(from, to, target) ? undefined : `only the front of ${to} is open: ${file} -> ${target}`;
}

function isOpen(from: string, to: string, target: string): boolean {
  const fronts = rooms.get(to)?.fronts ?? [];
  return (
    from.startsWith(`${to}/`) ||
    fronts.some((front) => ['every file', target].includes(front) || join(to, front) === target)
  );
}

function reach(file: string): Set<string> {
  const seen = new Set<string>();
  const open = [...(imports.get(file) ?? [])];
  for (let next = open.pop(); next; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(imports.get(next) ?? []));
  }
  return seen;
}

/** The innermost room of the table that the file lies in. */
function roomOf(file: string): string {
  const folders = file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return folders.findLast((folder) => rooms.has(folder)) ?? folders[0] ?? file;
}

function readImports(file: string): string[] {
  // Template literals hold code of generated backends, whose imports are not ours.
  const text = readFileSync(join(source, file), 'utf8').replaceAll(/`(?:\\.|[^`\\])*`/g, '``');
  return [...text.matchAll(/\b(?:from|import) ?\(?'(\.[^']+)'/g)].map(([, specifier]) =>
    normalize(join(dirname(file), specifier ?? '')),
  );
}

function readRooms(markdown: string): Map<string, Room> {
  const section = markdown.split('## Rooms')[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  return new Map(
    rows.map((row) => {
      const [name = '', front = '', mayImport = ''] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name, { fronts: front.split(', '), mayImport: new Set(mayImport.split(', ').filter(Boolean)) }];
    }),
  );
}

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = new URL('..', import.meta.url).pathname;
// The changelog speaks of what was.
const documents = [
  ...globSync('*.md', { cwd: root, exclude: ['CHANGELOG.md'] }),
  ...globSync('docs/**/*.md', { cwd: root }),
];
/** `src/cloud/`, `sandbox/local-sandbox.ts`, `docs/schema.md`: what reads as a path of this repository. */
const PATH =
  /(?<![\w/.@-])(?:\.\/)?((?:[\w.-]+\/)+(?:[\w.-]+\.(?:ts|mjs|md|json|yaml|yml))?|[\w-]+\.(?:ts|mjs))(?![\w/<*-])/g;
const OURS = /^(?:src|test|docs|scripts|bench|template|bin|\.github)\//;

test('documents name only paths that exist', () => {
  const missing = documents.flatMap((document) =>
    pathsIn(readFileSync(join(root, document), 'utf8')).map((path) => `${document}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test('links between documents lead somewhere', () => {
  const broken = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .filter(([, target = '']) => !existsSync(join(root, document, '..', target)))
      .map(([, target]) => `${document}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

/** Those that are not there, from the root or from `src/`. */
function pathsIn(text: string): readonly string[] {
  const named = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) =>
    [...code.matchAll(PATH)].map(([, path = '']) => path),
  );
  return named.filter(
    (path) => !isThere(path) && (OURS.test(path) || existsSync(join(root, 'src', path.split('/')[0] ?? ''))),
  );
}

function isThere(path: string): boolean {
  if (!path.includes('/')) return globSync(`{src,test,bench,scripts,template}/**/${path}`, { cwd: root }).length > 0;
  // Documents speak of generated backends, too.
  return ['', 'src', 'template/common', 'template/database', 'template/stateless'].some((folder) =>
    existsSync(join(root, folder, path)),
  );
}

/** Names that begin with a dot and are part of the source nevertheless. */
const OPEN_NAMES = new Set(['.env.example', '.gitignore', '.dockerignore']);

/** Why a model may not look at a file; undefined when it may. The sandbox itself refuses what leads out of the project. */
export function whyHidden(path: string): string | undefined {
  if (/^[/~\\]/.test(path) || path.split('/').includes('..')) return 'it leads out of the project';
  const parts = path.split('/');
  if (parts.some((part) => part.startsWith('.') && !OPEN_NAMES.has(part))) return 'it is not part of the source';
  if (parts.includes('node_modules')) return 'installed packages are not part of the source';
  return parts[0] === 'receipt' ? 'it is not part of the source' : undefined;
}

/** Why a model may not change a file; undefined when it may. */
export function whyProtected(path: string): string | undefined {
  if (path.startsWith('db/migrations/'))
    return 'the tables are made already and stay as they are in this run; later changes are new files there';
  if (path === 'package.json' || path === 'package-lock.json') return 'no dependency can be added or changed';
  if (path === 'tsconfig.json') return 'what the compiler is strict about stays';
  if (path === 'openapi.json') return 'it is made from the routes when you call finish';
  return whyHidden(path);
}

/** The same for a model that writes from outside, where tables change by new migrations. */
export function whyUnwritable(path: string): string | undefined {
  if (path === 'openapi.json') return 'it is made from the routes when the source is checked and deployed';
  return path.startsWith('db/migrations/') ? whyHidden(path) : whyProtected(path);
}

/** Why a model may not delete a file that it did not write itself. */
export function whyKept(path: string): string | undefined {
  if (/^test\/.*\.ts$/.test(path)) return 'the tests that came with the backend stay';
  return whyProtected(path);
}

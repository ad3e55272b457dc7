// What a project's folder holds besides its source: what we put there, what tools leave behind, what is secret.
const OTHER_FOLDERS = new Set([
  'node_modules',
  '.git',
  '.before',
  '.home',
  '.tmp',
  '.cache',
  '.npm',
  '.turbo',
  '.nyc_output',
  'coverage',
  '__pycache__',
]);
const OTHER_FILES = new Set(['.eslintcache', '.DS_Store']);

/** Whether a file, `path` relative to the project's folder, belongs to the project's source. */
export function isSourceFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (OTHER_FILES.has(name) || name.endsWith('.tsbuildinfo')) return false;
  return !isEnvironmentFile(name);
}

/** Whether a folder, `path` relative to the project's folder, can hold files of the project's source. */
export function isSourceFolder(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path !== 'receipt' && !OTHER_FOLDERS.has(name);
}

/** `.env` and its relatives hold secrets; `.env.example` shows what to set. */
function isEnvironmentFile(name: string): boolean {
  return name === '.env' || (name.startsWith('.env.') && name !== '.env.example');
}

import { TurboError } from '../domain/errors.ts';

const DEEPEST = 32;

/** The folders of a path and, last, the file's name. Rejects what may lead out of the project's folder. */
export function checkedParts(path: string): string[] {
  const parts = path.split('/');
  if (path.startsWith('/')) throw refusedPath(path, 'it is not relative to the project');
  if (path.includes('\0') || path.includes('\\')) throw refusedPath(path, 'it holds a character that no path may have');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw refusedPath(path, 'it has an empty, `.` or `..` part');
  if (isTooDeep(path)) throw refusedPath(path, `it is more than ${DEEPEST} folders deep`);
  return parts;
}

export function isTooDeep(path: string): boolean {
  return path.split('/').length > DEEPEST;
}

export function refusedPath(path: string, reason: string, cause?: unknown): TurboError {
  return new TurboError('SANDBOX_PATH_REFUSED', `Refused the path ${JSON.stringify(path)}: ${reason}`, { cause });
}

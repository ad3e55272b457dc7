import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import type { SourceFile } from '../../domain/source-file.ts';
import { AGENT_PATH } from './agent-home.ts';

/** The agent as it is uploaded. */
export interface AgentModules {
  /** Changes with every change of the code. */
  readonly version: string;
  /** Of the program, relative to where the modules are put. */
  readonly entry: string;
  readonly files: readonly SourceFile[];
}

const SOURCE = join(import.meta.dirname, '..', '..');
// Ours are TypeScript in a checkout, which Node runs too, and JavaScript in a package.
const KIND = extname(import.meta.filename);
/** What is imported when the program runs; a type's import is not. */
const IMPORT = /^(?:import|export) (?!type\b)[^;']*?from '(\.[^']+)'/gm;

/** The agent's program and all that it imports, as it lies in our own installation. */
export async function readAgentModules(): Promise<AgentModules> {
  const entry = AGENT_PATH + KIND;
  const found = new Map<string, string>();
  const open = [join(SOURCE, entry)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const place = relative(SOURCE, path);
    if (found.has(place)) continue;
    const code = await readFile(path, 'utf8');
    found.set(place, code);
    for (const [, specifier = ''] of code.matchAll(IMPORT)) open.push(join(dirname(path), specifier));
  }
  const files = [...found].map(([path, content]) => ({ path, content })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { entry, files, version: versionOf(files) };
}

/** A short name for these files, the same for the same files. */
export function versionOf(files: readonly SourceFile[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
}

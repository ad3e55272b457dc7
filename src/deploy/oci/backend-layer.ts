import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { TurboError } from '../../domain/errors.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { findPackageClosure } from '../../machine/package-closure.ts';
import type { LayerFile } from './pack-layer.ts';

// What a generated backend may depend on, in the versions of its package-lock.json, which are ours.
const PACKAGES = new Set(['fastify', '@fastify/cors', '@fastify/rate-limit', 'pg']);

// At the top of a package, as a folder or a script. Further in, one of such a name may be code.
const NOT_NEEDED = new Set(
  'node_modules test tests docs doc example examples integration fixtures scripts bench benchmark benchmarks browser'.split(
    ' ',
  ),
);
// Packages that one has for itself alone are placed by the closure.
const NESTED: ReadonlySet<string> = new Set(['node_modules']);

/** No map, no type, no TypeScript, no document but the license, and nothing that a tool left behind. */
const RUNS = /(?:\.(?:js|cjs|mjs|json|node)|^(?:licen[cs]e|notice)(?:[-.\w]*)?)$/i;

/**
 * A release's files and the packages that it runs with, in `/app`: pure JavaScript from our own installation, so that
 * neither npm nor a registry of packages is needed. Rejects with `DEPLOY_FAILED` for a package that is not at hand.
 */
export async function backendLayer(files: readonly SourceFile[]): Promise<readonly LayerFile[]> {
  const packages = await findPackageClosure(import.meta.dirname, dependenciesOf(files));
  const layer = files.map(({ path, content }): LayerFile => ({ path: `app/${path}`, content }));
  for (const { source, place } of packages) {
    layer.push(...packageFiles(source, `app/node_modules/${place}`, NOT_NEEDED));
    await immediate();
  }
  return layer;
}

function dependenciesOf(files: readonly SourceFile[]): readonly string[] {
  const manifest = JSON.parse(files.find(({ path }) => path === 'package.json')?.content ?? '{}') as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const names = Object.keys(manifest.dependencies ?? {});
  const unknown = names.filter((name) => !PACKAGES.has(name));
  if (unknown.length === 0) return names;
  throw new TurboError('DEPLOY_FAILED', `package.json asks for ${unknown.join(', ')}, which no image is made with`, {
    phase: 'deploy',
    fix: `Do without it: the packages are ${[...PACKAGES].join(' and ')}. Or build an image with the project's own Dockerfile.`,
  });
}

/** In one go, since thousands of small files cost three times as much one by one. */
function packageFiles(folder: string, place: string, leaveOut: ReadonlySet<string>): LayerFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): LayerFile[] => {
    const { name } = entry;
    if (name.startsWith('.') || leaveOut.has(name.replace(/\.[cm]?js$/, ''))) return [];
    const path = `${place}/${name}`;
    if (entry.isDirectory()) return packageFiles(join(folder, name), path, NESTED);
    if (!entry.isFile() || !RUNS.test(name)) return [];
    return [{ path, content: readFileSync(join(folder, name)) }];
  });
}

import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TurboError } from '../domain/errors.ts';

/** An installed package, and where a copy of it has to stand so that every package of the closure finds the same ones. */
interface PlacedPackage {
  /** Where it is installed. */
  readonly source: string;
  /** Below the new node_modules: `fastify`, or `ajv-formats/node_modules/ajv` when two versions are needed. */
  readonly place: string;
}

interface PackageManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The named packages and all they depend on, as installed for a module in `directory`. Optional ones that are not
 * installed, such as those for other platforms, are left out; any other missing one rejects with `SANDBOX_UNAVAILABLE`.
 */
export async function findPackageClosure(
  directory: string,
  names: readonly string[],
): Promise<readonly PlacedPackage[]> {
  const sources = new Map<string, string>();
  const open: PlacedPackage[] = [];
  for (const name of names) open.push(place(sources, '', name, findRequired(directory, name)));
  const placed: PlacedPackage[] = [];
  // Breadth first: all packages a package needs have their places before any of those looks for its own.
  for (let next = open.shift(); next; next = open.shift()) {
    placed.push(next);
    for (const [name, source] of await dependenciesOf(next.source)) {
      if (visibleFrom(sources, next.place, name) !== source) open.push(place(sources, next.place, name, source));
    }
  }
  return placed;
}

/** The folder in which a module in `directory` finds the package; undefined when it is not installed. */
export function findPackage(directory: string, name: string): string | undefined {
  // Not require.resolve: many packages do not export their package.json.
  const folders = createRequire(join(directory, 'package.json')).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json')));
}

async function dependenciesOf(source: string): Promise<readonly [string, string][]> {
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as PackageManifest;
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const required = Object.keys(manifest.dependencies ?? {}).filter((name) => !optional.includes(name));
  return [
    ...required.map((name): [string, string] => [name, findRequired(source, name)]),
    ...optional.flatMap((name): [string, string][] => {
      const found = findPackage(source, name);
      return found === undefined ? [] : [[name, found]];
    }),
  ];
}

function findRequired(directory: string, name: string): string {
  const found = findPackage(directory, name);
  if (found !== undefined) return found;
  throw new TurboError('SANDBOX_UNAVAILABLE', `The package ${name} is not installed beside TurboBackend`, {
    fix: 'Install TurboBackend again, with its dependencies.',
  });
}

/** Puts it as far up as no other version stands in the way. */
function place(sources: Map<string, string>, dependent: string, name: string, source: string): PlacedPackage {
  const taken = visibleFrom(sources, dependent, name) !== undefined;
  const spot = taken ? `${dependent}/node_modules/${name}` : name;
  sources.set(spot, source);
  return { source, place: spot };
}

/** What a package at `spot` gets when it imports `name`: Node looks in its own node_modules, then in each one above. */
function visibleFrom(sources: ReadonlyMap<string, string>, spot: string, name: string): string | undefined {
  for (let folder = spot; folder !== ''; folder = outer(folder)) {
    const own = sources.get(`${folder}/node_modules/${name}`);
    if (own !== undefined) return own;
  }
  return sources.get(name);
}

function outer(spot: string): string {
  const border = spot.lastIndexOf('/node_modules/');
  return border === -1 ? '' : spot.slice(0, border);
}

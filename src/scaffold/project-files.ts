import type { SourceFile } from '../domain/source-file.ts';
import type { BackendBlueprint } from './backend-blueprint.ts';
import { proseLine } from './code-text.ts';

/** What the user asked for, on one line of at most 200 characters. */
export function descriptionOf(blueprint: BackendBlueprint): string {
  const line = proseLine(blueprint.prompt);
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}

/** package.json and its lockfile. The lock holds no addresses, so any registry serves it. */
export function packageFiles(blueprint: BackendBlueprint, lock: string): readonly SourceFile[] {
  const withDatabase = blueprint.schema !== undefined;
  const withAccounts = withDatabase && blueprint.access?.auth === 'password';
  const manifest = {
    name: blueprint.name,
    version: '0.1.0',
    description: descriptionOf(blueprint),
    private: true,
    type: 'module',
    // Hashing passwords takes argon2id, which Node has from 24.7 on.
    engines: { node: withAccounts ? '>=24.7' : '>=22.18' },
    scripts: {
      ...checksBefore([
        'start',
        'dev',
        'test',
        'openapi',
        ...(withDatabase ? ['migrate', 'seed'] : []),
        ...(withAccounts ? ['grant'] : []),
      ]),
      start: 'node --env-file-if-exists=.env src/server.ts',
      dev: 'node --env-file-if-exists=.env --watch src/server.ts',
      test: "node --env-file-if-exists=.env --test --test-concurrency=1 'test/*.test.ts'",
      typecheck: 'tsc',
      openapi: 'node --env-file-if-exists=.env scripts/write-openapi.ts',
      ...(withDatabase
        ? {
            migrate: 'node --env-file-if-exists=.env db/migrate.ts',
            seed: 'node --env-file-if-exists=.env db/seed.ts',
          }
        : {}),
      ...(withAccounts ? { grant: 'node --env-file-if-exists=.env scripts/grant.ts' } : {}),
    },
    dependencies: {
      '@fastify/cors': '11.4.3',
      '@fastify/rate-limit': '11.2.0',
      fastify: '5.12.8',
      ...(withDatabase ? { pg: '8.23.1' } : {}),
    },
    devDependencies: {
      '@types/node': '24.19.2',
      ...(withDatabase ? { '@types/pg': '8.23.1' } : {}),
      typescript: '7.0.2',
    },
  };
  return [
    { path: 'package.json', content: `${JSON.stringify(manifest, null, 2)}\n` },
    {
      path: 'package-lock.json',
      content: lock
        .replaceAll('"name": "backend"', `"name": ${JSON.stringify(blueprint.name)}`)
        .replace('"node": ">=22.18"', `"node": ${JSON.stringify(manifest.engines.node)}`),
    },
  ];
}

/** npm's hooks that say in one line when the Node is too old for a script. */
function checksBefore(scripts: readonly string[]): Record<string, string> {
  return Object.fromEntries(scripts.map((script) => [`pre${script}`, 'node scripts/check-node.mjs']));
}

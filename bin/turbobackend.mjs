#!/usr/bin/env node
// Plain JavaScript that any Node since 18 can read: it finds a Node that can run the product and hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [22, 18];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'dist', 'cli', 'main.js');
// A checkout runs its sources; the published package has only `dist`, since Node strips no types below node_modules.
const source = join(root, 'src', 'cli', 'main.ts');
const entry = existsSync(source) ? source : built;

if (isNewEnough(process.versions.node)) {
  const { main } = await import(entry);
  await main(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `turbobackend needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}.\n` +
        `Run it with a newer one: npx -p node-${process.platform}-${process.arch}@26.10.0 -p turbobackend turbobackend …\n`,
    );
    process.exitCode = 4;
  } else {
    handOver(node);
  }
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The Node that comes with a checkout as a package of its platform; undefined when it was not installed. */
function bundledNode() {
  const require = createRequire(import.meta.url);
  for (const name of [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
      if (existsSync(path)) return path;
    } catch {
      // Not this package: the next name, or none.
    }
  }
  return undefined;
}

/** The terminal sends Ctrl-C to both of us; a signal meant for us alone is passed on, and the child's end becomes ours. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

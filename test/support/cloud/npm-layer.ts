import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A folder of programs for machines that a fake provider makes: the Node that runs us, and an npm which installs for
 * real, once for each lockfile; all machines share what came of it, as they would a layer of an image.
 */
export function makeNpmLayer(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(join(folder, 'layers'), { recursive: true });
  mkdirSync(bin, { recursive: true });
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const cache = execFileSync(npm, ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh
layer=${join(folder, 'layers')}/$(cksum < package-lock.json | tr ' ' -)
if [ ! -d "$layer" ]; then
  npm_config_cache=${cache} ${npm} "$@" --prefer-offline || exit
  mkdir "$layer" && mv node_modules "$layer"
fi
ln -s "$layer/node_modules" node_modules
`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  return [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':');
}

// Makes the package that is published: compiled sources, and a manifest without the Node that a checkout brings along.
// Usage: npm run pack [folder]; leaves turbobackend-<version>.tgz in the folder (default: dist).
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const target = resolve(process.argv[2] ?? 'dist');
const stage = resolve('dist', 'package');
const run = (program, args, cwd) => execFileSync(program, args, { cwd, stdio: 'inherit' });

rmSync(resolve('dist'), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json', '--outDir', join(stage, 'dist')]);
const browser = ['--noEmit', 'false', '--rewriteRelativeImportExtensions', '--allowImportingTsExtensions', 'false'];
run('tsc', [
  '-p',
  'src/page/browser',
  ...browser,
  '--declaration',
  'false',
  '--outDir',
  join(stage, 'dist', 'page', 'browser'),
]);
const isData = (file) => /\.[a-z]+$/.test(file) && !file.endsWith('.ts');
for (const file of globSync('src/**/*').filter(isData)) {
  const copy = join(stage, 'dist', file.slice('src/'.length));
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(file, copy);
}
// The scaffold copies these sources of ours into every backend, as they are.
for (const part of ['bin', 'template', 'src/scaffold/backend', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
  cpSync(part, join(stage, part), { recursive: true });
}
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
run('publint', [stage]);
mkdirSync(target, { recursive: true });
run('npm', ['pack', '--pack-destination', target], stage);

function publishedManifest() {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const ours of ['scripts', 'devDependencies', 'private', 'allowScripts']) delete manifest[ours];
  for (const name of Object.keys(manifest.optionalDependencies)) {
    if (/^node-(bin-)?(linux|darwin|win)-/.test(name)) delete manifest.optionalDependencies[name];
  }
  return manifest;
}

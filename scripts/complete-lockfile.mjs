// npm leaves a platform's package out of package-lock.json when the registry at hand does not have it, and then refuses
// the lockfile that it wrote. This adds such entries as npm writes them elsewhere. Run it after a dependency changed:
//   npm install && node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = { win32: 'win32', windows: 'win32' };
for (const name of ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix']) {
  SYSTEMS[name] = name;
}
const PROCESSORS = /^(?:arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/;

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const [folder, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (isLocked(folder, name)) continue;
    lock.packages[`node_modules/${name}`] = platformEntry(name, version, parent);
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`added ${added} entries\n`);

/** Node looks for a package in the folder itself and in each one above it. */
function isLocked(folder, name) {
  for (let place = folder; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`]) return true;
    if (place === '') return false;
    if (!place.includes('/node_modules/')) place = '/node_modules/';
  }
}

function platformEntry(name, version, parent) {
  const parts = name.split('/').at(-1).split('-');
  const os = parts.map((part) => SYSTEMS[part]).find(Boolean);
  const cpu = parts.find((part) => PROCESSORS.test(part));
  if (!os || !cpu || !/^\d/.test(version)) throw new Error(`Cannot tell which platform ${name}@${version} is for`);
  const libc = parts.some((part) => part.startsWith('musl')) ? 'musl' : os === 'linux' ? 'glibc' : undefined;
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    license: parent.license,
    optional: true,
    os: [os],
  };
}

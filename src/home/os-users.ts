import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { ProjectId } from '../domain/ids.ts';
import { createOnce } from './create-once.ts';

// Below 65536, which is all that many containers map, and away from what systems give to people and services.
const FIRST_UID = 20_001;
const LAST_UID = 59_999;

const MACHINE_WIDE = '/var/lib/turbobackend/os-users';

/** A number that nobody has used for so long without making anything may be given to somebody else. */
const UNUSED_MS = 600_000;

interface Claim {
  readonly home: string;
  readonly projectId: string;
}

/**
 * The numeric user that a project's processes run as when we are root: its own on this machine, whatever other homes there
 * are, and the same one ever after. `registry` is where all homes of the machine note what they use.
 */
export async function claimOsUser(home: string, projectId: ProjectId, registry = MACHINE_WIDE): Promise<number> {
  const note = join(home, 'os-users', projectId);
  await mkdir(join(home, 'os-users'), { recursive: true, mode: 0o700 });
  await makeRegistry(registry);
  for (;;) {
    const noted = Number(await readFile(note, 'utf8').catch(() => ''));
    if (noted > 0 && (await holds(registry, noted, { home, projectId }))) return noted;
    if (noted > 0) await rm(note, { force: true });
    // Of two processes that note a number at the same time, the second goes on with the first one's.
    await createOnce(note, String(await claimFreeUid(registry, { home, projectId })));
  }
}

/** The folder above it may hold homes, which the projects' users pass through. */
async function makeRegistry(registry: string): Promise<void> {
  const made = await mkdir(dirname(registry), { recursive: true });
  if (made !== undefined) await chmod(dirname(registry), 0o711);
  await mkdir(registry, { recursive: true, mode: 0o700 });
}

async function claimFreeUid(registry: string, claim: Claim): Promise<number> {
  for (;;) {
    const uid = randomInt(FIRST_UID, LAST_UID + 1);
    const file = join(registry, String(uid));
    if (await isStaleClaim(registry, uid)) await rm(file, { force: true });
    await createOnce(file, JSON.stringify(claim));
    if (await holds(registry, uid, claim)) return uid;
  }
}

async function holds(registry: string, uid: number, { home, projectId }: Claim): Promise<boolean> {
  const claim = await readClaim(join(registry, String(uid)));
  return claim?.home === home && claim.projectId === projectId;
}

/** Whether the project that has the number left nothing that could still run or own a file. */
export async function isStaleClaim(registry: string, uid: number): Promise<boolean> {
  const file = join(registry, String(uid));
  const claim = await readClaim(file);
  if (!claim) return false;
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  if (Date.now() - mtimeMs < UNUSED_MS) return false;
  const places = ['projects', 'deployments'].map((folder) => join(claim.home, folder, claim.projectId));
  return !(await Promise.all(places.map(exists))).includes(true);
}

async function readClaim(file: string): Promise<Claim | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Claim);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

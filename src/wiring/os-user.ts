import type { ProjectId } from '../domain/ids.ts';
import type { Home } from '../home/home.ts';

/** The numeric user that a project's processes run as; undefined for our own. */
export type OsUser = (projectId: ProjectId) => Promise<number | undefined>;

/** Only root can run a project's processes as a user of the project's own, and must never run them as itself. */
export async function operatingSystemUsers(home: Home): Promise<OsUser> {
  if (process.getuid?.() !== 0) return () => Promise.resolve(undefined);
  const { claimOsUser } = await import('../home/os-users.ts');
  return (projectId) => claimOsUser(home.folder, projectId);
}

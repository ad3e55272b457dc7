import { createHash } from 'node:crypto';
import { TurboError } from '../domain/errors.ts';
import type { Failing } from '../domain/fail-as.ts';
import type { ProjectId } from '../domain/ids.ts';

/** What an archive is called by: the sha256 of its bytes, hex. */
export function hashOf(archive: Buffer): string {
  return createHash('sha256').update(archive).digest('hex');
}

/** The hash; throws an `Error` for any other text, which could be a way to somewhere else. */
export function checkedHash(hash: string): string {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new Error('that is no hash of an archive');
}

/** The id; throws `PUBLISH_FAILED` for any other text, which could be a way to somewhere else. */
export function checkedProject(projectId: ProjectId): ProjectId {
  if (/^[a-z0-9_-]+$/i.test(projectId)) return projectId;
  throw new TurboError('PUBLISH_FAILED', `${JSON.stringify(projectId)} is no id of a project`, { phase: 'publish' });
}

/** How the room calls what breaks in it. */
export function archiving(doing: string): Failing {
  return { code: 'PUBLISH_FAILED', phase: 'publish', doing };
}

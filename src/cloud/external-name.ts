import { createHash } from 'node:crypto';
import type { ProjectId } from '../domain/ids.ts';

/** The label, tag or metadata key under which a provider keeps whose a resource is; its value is the project's id. */
export const PROJECT_MARK = 'turbobackend.project';

/** The same for the installation that made it, so that two of them can share one account. */
export const INSTALLATION_MARK = 'turbobackend.installation';

const PREFIX = 'project_';
const NAME = /^tb-([0-9a-z]{16})-([0-9a-f]{6})$/;

/**
 * What the project's resources are called at every provider: `tb-<id>-<6 hex>`, 26 characters that are good in a host
 * name. Derived, so that a resource is found again although the answer that told of it was lost.
 */
export function externalName(installationId: string, projectId: ProjectId): string {
  const id = projectId.startsWith(PREFIX) ? projectId.slice(PREFIX.length) : projectId;
  return `tb-${id}-${checkOf(installationId, id)}`;
}

/** Whose project a name stands for; undefined when this installation did not derive it. */
export function projectOf(installationId: string, name: string): ProjectId | undefined {
  const [, id, check] = NAME.exec(name) ?? [];
  if (id === undefined || check !== checkOf(installationId, id)) return undefined;
  return `${PREFIX}${id}` as ProjectId;
}

function checkOf(installationId: string, id: string): string {
  return createHash('sha256').update(`${installationId}:${id}`).digest('hex').slice(0, 6);
}

import { TurboError } from '../domain/errors.ts';
import type { Receipt } from '../domain/receipt.ts';
import { findBlueprint } from '../store/api-blueprints.ts';
import { sumModelUsage } from '../store/model-usage.ts';
import { listProjects, type ProjectRecord } from '../store/projects.ts';
import { countRuns } from '../store/runs.ts';
import type { ConnectionView, DatabaseAccess, DatabaseRole, Usage } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

export function viewReceipt(project: ProjectRecord): Receipt {
  if (project.receipt) return project.receipt;
  throw notYet(project, 'receipt');
}

export async function viewOpenApi({ pool }: UseCaseParts, project: ProjectRecord): Promise<object> {
  const document = (await findBlueprint(pool, project.id))?.openapi;
  if (typeof document === 'object' && document !== null) return document;
  throw notYet(project, 'OpenAPI document');
}

export async function viewConnection(
  parts: UseCaseParts,
  project: ProjectRecord,
  role: DatabaseRole = 'app',
): Promise<ConnectionView> {
  const { password: _kept, ...connection } = await viewDatabaseAccess(parts, project, role);
  return connection;
}

export async function viewDatabaseAccess(
  { ports }: UseCaseParts,
  project: ProjectRecord,
  role: DatabaseRole,
): Promise<DatabaseAccess> {
  if (project.databaseName === undefined) {
    throw new TurboError('USAGE', `${project.name} keeps no data, so there is no database to connect to`);
  }
  const { name, host, port, tls, ...roles } = await ports.cluster.open(project.databaseName);
  return { host, port, database: name, tls, ...roles[role] };
}

export async function viewUsage({ pool, ownerId }: UseCaseParts, sinceAt: number): Promise<Usage> {
  const [projects, runs, models] = await Promise.all([
    listProjects(pool, ownerId),
    countRuns(pool, ownerId, sinceAt),
    sumModelUsage(pool, ownerId, sinceAt),
  ]);
  return { projects: projects.length, runs, models };
}

function notYet(project: ProjectRecord, what: string): TurboError {
  return new TurboError('NOT_FOUND', `${project.name} has no ${what} yet`, {
    fix: 'It is made when a run has verified the backend; wait for its run to end.',
  });
}

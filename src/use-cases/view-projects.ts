import type { ProjectId } from '../domain/ids.ts';
import { TurboError } from '../domain/errors.ts';
import { nearestName } from '../domain/nearest-name.ts';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import { renderErSvg, renderMermaid } from '../schema/schema.ts';
import { findBlueprint } from '../store/api-blueprints.ts';
import { revisionSchemaSql } from '../pipeline/changes/compare-revisions.ts';
import { findRevision } from '../store/project-revisions.ts';
import { findProject, listProjectNames, listProjects, type ProjectRecord } from '../store/projects.ts';
import { listRunsOf } from '../store/runs.ts';
import type { ProjectDetails, ProjectSummary, SchemaFormat } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** The owner's project with this id or name. Rejects with `PROJECT_NOT_FOUND`. */
export async function requireProject(parts: UseCaseParts, project: string): Promise<ProjectRecord> {
  const found = await findProject(parts.pool, parts.ownerId, project);
  if (found) return found;
  const meant = nearestName(project, await projectNames(parts));
  const question = meant === undefined ? '' : `. Did you mean «${meant}»?`;
  throw new TurboError('PROJECT_NOT_FOUND', `There is no project «${project}»${question}`, {
    fix: '`turbobackend list` shows the projects there are.',
  });
}

export async function projectNames({ pool, ownerId }: UseCaseParts): Promise<readonly string[]> {
  return listProjectNames(pool, ownerId);
}

export async function summarizeProjects(parts: UseCaseParts): Promise<readonly ProjectSummary[]> {
  const projects = await listProjects(parts.pool, parts.ownerId);
  return Promise.all(projects.map((project) => summarizeProject(parts, project)));
}

export async function summarizeProject(parts: UseCaseParts, project: ProjectRecord): Promise<ProjectSummary> {
  const { status, url } = await lookAt(parts, project);
  return {
    projectId: project.id,
    name: project.name,
    status,
    prompt: project.prompt,
    url,
    tables: await tablesOf(parts, project.id),
    createdAt: project.createdAt,
  };
}

export async function describeProject(parts: UseCaseParts, project: ProjectRecord): Promise<ProjectDetails> {
  const database = await databaseOf(parts, project);
  const runs = await listRunsOf(parts.pool, project.id);
  const summary = await summarizeProject(parts, project);
  const newest = await findRevision(parts.pool, project.id);
  return {
    ...summary,
    revision: newest?.number ?? 0,
    docsUrl: project.docsUrl.replace(project.url, summary.url),
    sourceDir: project.sourceDir,
    repository: project.repository,
    commit: project.commitId,
    artifact: project.artifact,
    receipt: project.receiptPath,
    database: database
      ? { name: database.name, host: database.host, port: database.port, user: database.app.user }
      : null,
    runs: runs.map(({ id, status, createdAt }) => ({ id, status, createdAt })),
  };
}

/** Of a project that failed or is being removed none, as it may be gone already. */
async function databaseOf(
  { ports }: UseCaseParts,
  { status, databaseName }: ProjectRecord,
): Promise<ProvisionedDatabase | undefined> {
  if (databaseName === undefined || status === 'failed' || status === 'deleting') return undefined;
  return ports.cluster.open(databaseName);
}

/** The project's schema as text. Rejects with `USAGE` for a project without a database. */
export async function renderSchema(parts: UseCaseParts, project: ProjectRecord, format: SchemaFormat): Promise<string> {
  const schema = (await findBlueprint(parts.pool, project.id))?.schema;
  if (!schema) throw new TurboError('USAGE', `${project.name} keeps no data, so it has no schema`);
  switch (format) {
    case 'json':
      return `${JSON.stringify(schema, null, 2)}\n`;
    case 'mermaid':
      return renderMermaid(schema);
    case 'svg':
      return renderErSvg(schema);
    case 'sql':
      return revisionSchemaSql(parts.pool, { projectId: project.id, ...(await findRevision(parts.pool, project.id)) });
  }
}

/** What the target says, as the address may have changed since it was recorded: another program may have the port. */
async function lookAt(parts: UseCaseParts, project: ProjectRecord): Promise<Pick<ProjectSummary, 'status' | 'url'>> {
  const { status, url } = project;
  if (status === 'creating' || status === 'failed') return { status, url };
  try {
    const { deploy } = await parts.portsAt(project.placement);
    const found = await deploy.find(project.id);
    return { status: found?.status ?? 'stopped', url: found && url !== '' ? found.url : url };
  } catch (error) {
    // A list is of use although a provider is away, or its key no longer set.
    if (error instanceof TurboError) return { status: 'unknown', url };
    throw error;
  }
}

async function tablesOf({ pool }: UseCaseParts, projectId: ProjectId): Promise<readonly string[]> {
  const blueprint = await findBlueprint(pool, projectId);
  return blueprint?.schema?.tables.map((table) => table.name) ?? [];
}

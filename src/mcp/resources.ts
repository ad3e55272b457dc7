import {
  type ListResourcesResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { OwnerBackend, ProjectSummary } from '../turbobackend.ts';
import { describeEvent } from './describe-run.ts';
import { fence } from './fence.ts';
import { type McpAccess, ownerBackend, requireVisibleProject, requireVisibleRun } from './mcp-access.ts';
import { explainFailure } from './tool-failure.ts';

/** How many projects are listed and offered when a name is being typed. */
const MOST_LISTED = 50;

interface ProjectResource {
  /** Below `tb://projects/{project}/`. */
  readonly path: string;
  readonly title: string;
  readonly mimeType: string;
  readonly read: (backend: OwnerBackend, project: string) => Promise<string>;
}

const PROJECT_RESOURCES: readonly ProjectResource[] = [
  {
    path: 'schema.sql',
    title: 'Database schema as SQL',
    mimeType: 'application/sql',
    read: (backend, project) => backend.schema(project, 'sql'),
  },
  {
    path: 'schema.json',
    title: 'Database schema as JSON',
    mimeType: 'application/json',
    read: (backend, project) => backend.schema(project, 'json'),
  },
  {
    path: 'erd.svg',
    title: 'Entity-relationship diagram',
    mimeType: 'image/svg+xml',
    read: (backend, project) => backend.schema(project, 'svg'),
  },
  {
    path: 'openapi.json',
    title: 'API of the backend',
    mimeType: 'application/json',
    read: async (backend, project) => JSON.stringify(await backend.openapi(project)),
  },
  {
    path: 'receipt.json',
    title: 'What was verified',
    mimeType: 'application/json',
    read: async (backend, project) => JSON.stringify(await backend.receipt(project)),
  },
];

/** What can be read of the caller's projects and runs without calling a tool. */
export function addResources(mcp: McpServer, access: McpAccess): void {
  for (const resource of PROJECT_RESOURCES) addProjectResource(mcp, access, resource);
  mcp.registerResource(
    'run-log',
    new ResourceTemplate('tb://runs/{runId}/log', { list: undefined }),
    { title: 'What happened in a run', description: 'Every event of a run, a line each', mimeType: 'text/plain' },
    (uri, { runId }) => reading(uri, access, () => readRunLog(uri, access, single(runId))),
  );
}

function addProjectResource(mcp: McpServer, access: McpAccess, { path, title, mimeType, read }: ProjectResource): void {
  const list = async (): Promise<ListResourcesResult> => ({
    resources: (await visibleProjects(access)).map(({ name }) => ({
      uri: `tb://projects/${name}/${path}`,
      name: `${name}/${path}`,
      title: `${title}: ${name}`,
      description: describeResource(title, name),
      mimeType,
    })),
  });
  const complete = { project: (start: string) => completeProject(access, start) };
  mcp.registerResource(
    path,
    new ResourceTemplate(`tb://projects/{project}/${path}`, { list, complete }),
    { title, description: describeResource(title, 'a project'), mimeType },
    (uri, { project }) =>
      reading(uri, access, async () => {
        await requireVisibleProject(access, single(project));
        return {
          contents: [{ uri: uri.href, mimeType, text: await read(await ownerBackend(access), single(project)) }],
        };
      }),
  );
}

function describeResource(title: string, project: string): string {
  return `${title} of ${project}`;
}

/** The newest of the caller's projects, or the one of the view. */
async function visibleProjects(access: McpAccess): Promise<readonly ProjectSummary[]> {
  if (!(await access.isInUse())) return [];
  const backend = await ownerBackend(access);
  const { project } = access.view;
  return project === undefined
    ? (await backend.listProjects({ limit: MOST_LISTED })).data
    : [await backend.summarize(project)];
}

export async function completeProject(access: McpAccess, start: string): Promise<string[]> {
  return (await visibleProjects(access)).map(({ name }) => name).filter((name) => name.startsWith(start));
}

async function readRunLog(uri: URL, access: McpAccess, runId: string): Promise<ReadResourceResult> {
  await requireVisibleRun(access, runId);
  const { events } = await (await ownerBackend(access)).showRun(runId as RunId);
  const lines = events.map(
    (event) => `${new Date(event.atMs).toISOString()} ${event.percent} % ${describeEvent(event)}`,
  );
  return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: fence(lines.join('\n')) }] };
}

/** Failures as the protocol has them: what does not exist, and everything else. */
async function reading<T>(uri: URL, { onBug }: McpAccess, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TurboError && error.status === 404) throw new ResourceNotFoundError(uri.href, error.message);
    const { code, message } = explainFailure(error);
    if (code === 'INTERNAL') onBug(error);
    throw new ProtocolError(ProtocolErrorCode.InternalError, `${code}: ${message}`);
  }
}

function single(value: Variables[string] | undefined): string {
  return Array.isArray(value) ? value.join('/') : (value ?? '');
}

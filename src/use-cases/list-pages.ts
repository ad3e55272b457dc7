import type { Run } from '../domain/run.ts';
import type { NewestFirstPosition } from '../store/newest-first.ts';
import { pageProjects } from '../store/projects.ts';
import { pageRuns, type RunRecord } from '../store/runs.ts';
import type { Page, PageRequest, ProjectSummary, RunFilter, RunSummary } from '../turbobackend.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { UseCaseParts } from './use-case-parts.ts';
import { requireProject, summarizeProject } from './view-projects.ts';

export async function listProjectPage(
  parts: UseCaseParts,
  request: PageRequest & { readonly search?: string | undefined },
): Promise<Page<ProjectSummary>> {
  const { pool, ownerId } = parts;
  const page = await readPage(request, (after, limit) =>
    pageProjects(pool, { ownerId, search: request.search, after, limit }),
  );
  return { ...page, data: await Promise.all(page.data.map((project) => summarizeProject(parts, project))) };
}

export async function listRunPage(parts: UseCaseParts, request: PageRequest & RunFilter): Promise<Page<RunSummary>> {
  const { pool, ownerId } = parts;
  const { status, project } = request;
  const projectId = project === undefined ? undefined : (await requireProject(parts, project)).id;
  const page = await readPage(request, (after, limit) => pageRuns(pool, { ownerId, projectId, status, after, limit }));
  return { ...page, data: page.data.map(summarizeRun) };
}

/** Reads one more than asked for, to know whether anything comes after. */
async function readPage<T extends Pick<Run, 'createdAt'> & { readonly id: string }>(
  { limit, cursor }: PageRequest,
  read: (after: NewestFirstPosition | undefined, limit: number) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const found = await read(cursor === undefined ? undefined : readPosition(cursor), limit + 1);
  const data = found.slice(0, limit);
  const last = found.length > limit ? data.at(-1) : undefined;
  return { data, nextCursor: last && writeCursor([last.createdAt, last.id]) };
}

function readPosition(cursor: string): NewestFirstPosition {
  const [createdAt, id] = readCursor(cursor, 2);
  return { createdAt: Number(createdAt) || 0, id: String(id) };
}

function summarizeRun(run: RunRecord): RunSummary {
  const { id, projectId, kind, prompt, status, createdAt, startedAt, endedAt } = run;
  return { id, projectId, kind, prompt, status, createdAt, startedAt, endedAt };
}

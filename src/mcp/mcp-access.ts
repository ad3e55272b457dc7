import type { Caller } from '../domain/api-key.ts';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { OwnerBackend, TurboBackend } from '../turbobackend.ts';

/** The part of what a caller may do that one connection is given. */
export interface McpView {
  /** Nothing can be made, changed or deleted. */
  readonly readOnly: boolean;
  /** The name or id of the one project that can be seen; undefined for all of the caller's. */
  readonly project: string | undefined;
}

/** On whose behalf a connection calls, and what it is given. */
export interface McpAccess {
  /** The use cases, opened when they are first needed. */
  readonly open: () => Promise<TurboBackend>;
  /** Whether anything was ever made here. While it was not, lists are empty without the database being made for them. */
  readonly isInUse: () => Promise<boolean>;
  readonly caller: Caller;
  readonly view: McpView;
  /** Ours. */
  readonly version: string;
  /** Whether a call whose connection has gone was cancelled by that, as it is where each call has one of its own. */
  readonly cancelsWhenCut: () => boolean;
  /** Tells all who listen that there are other projects now; where it is missing, the connection itself is told. */
  readonly onProjectsChanged?: (() => void) | undefined;
  /** Hears of what nobody foresaw. */
  readonly onBug: (error: unknown) => void;
}

const SWITCHES: Readonly<Record<string, boolean>> = { '': true, '1': true, true: true, '0': false, false: false };

/** The view that a URL's query asks for: `?read_only=true&project=blog`. Rejects what it does not know (`USAGE`). */
export function readView(query: Readonly<Record<string, unknown>>): McpView {
  const { read_only: readOnly = '0', project, ...unknown } = query;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) throw unusable(`There is no parameter «${stranger}»`);
  if (typeof readOnly !== 'string' || !Object.hasOwn(SWITCHES, readOnly)) throw unusable('read_only is true or false');
  if (project !== undefined && (typeof project !== 'string' || project === ''))
    throw unusable('project is one name or id');
  return { readOnly: SWITCHES[readOnly] === true, project };
}

function unusable(message: string): TurboError {
  return new TurboError('USAGE', message, { fix: 'The parameters are read_only and project.' });
}

/** Who calls, with no more rights than the view leaves. */
export function callerOf({ caller, view }: McpAccess): Caller {
  return view.readOnly ? { ...caller, scope: 'read' } : caller;
}

export async function ownerBackend({ open, caller }: McpAccess): Promise<OwnerBackend> {
  return (await open()).forOwner(caller.ownerId);
}

/** Rejects with `PROJECT_NOT_FOUND` for a project that the view leaves out, as if there were none. */
export async function requireVisibleProject(access: McpAccess, project: string): Promise<void> {
  if (access.view.project === undefined) return;
  const backend = await ownerBackend(access);
  const [asked, seen] = await Promise.all([backend.summarize(project), backend.summarize(access.view.project)]);
  if (asked.projectId === seen.projectId) return;
  throw new TurboError('PROJECT_NOT_FOUND', `There is no project ${project}`);
}

/** Rejects with `RUN_NOT_FOUND` for a run of a project that the view leaves out. */
export async function requireVisibleRun(access: McpAccess, runId: string): Promise<void> {
  if (access.view.project === undefined) return;
  const backend = await ownerBackend(access);
  const [{ run }, seen] = await Promise.all([backend.showRun(runId as RunId), backend.summarize(access.view.project)]);
  if (run.projectId !== seen.projectId) throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
}

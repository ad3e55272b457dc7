import { FAILURES } from '../domain/errors.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The doors through which programs call. */
export type CallingDoor = 'http' | 'mcp';

/** What is told of a failure. */
interface Told {
  readonly code: string;
  readonly fix?: string | undefined;
}

/**
 * What a caller of this door can do about a failure, never empty: fixes are written for a terminal, and whoever calls by
 * HTTP or MCP has other calls for the same, or none and has to turn to who operates the service.
 */
export function fixFor(door: CallingDoor, { code, fix = '' }: Told): string {
  const sentences = fix.split(/(?<=[.;])\s+/).filter((sentence) => sentence !== '');
  const told = sentences.map((sentence) => forDoor(door, sentence));
  return [...new Set(told)].join(' ').replaceAll(`; ${OPERATORS}`, `. ${OPERATORS}`) || forDoor(door, usualFix(code));
}

function forDoor(door: CallingDoor, sentence: string): string {
  const translated = sentence
    .replaceAll('--schema file.sql', 'schemaSql')
    .replaceAll(
      /`?turbobackend ("[^"]*")`?/g,
      (_, prompt: string) => `${callOf(door, 'create_backend')} with the prompt ${prompt}`,
    )
    .replaceAll(COMMANDS, (whole: string, quoted: string | undefined, plain: string | undefined) => {
      const operation = OPERATION_OF[quoted ?? plain ?? ''];
      return operation === undefined || !isOffered(operation) ? whole : callOf(door, operation);
    });
  return /turbobackend [a-z"]|(?:^|\s)--[a-z]/.test(translated) ? OPERATORS : translated;
}

const OPERATORS = 'Whoever operates this service has to see to it.';

const OPERATION_OF: Readonly<Record<string, string>> = {
  apply: 'apply_change',
  change: 'change_backend',
  create: 'create_backend',
  delete: 'delete_project',
  deploy: 'deploy_backend',
  diff: 'diff_revisions',
  history: 'list_revisions',
  'keys create': 'create_key',
  'keys list': 'list_keys',
  list: 'list_projects',
  logs: 'get_logs',
  plan: 'plan_backend',
  receipt: 'get_receipt',
  rename: 'rename_project',
  restart: 'control_backend',
  'run cancel': 'cancel_run',
  'run show': 'get_run',
  schema: 'get_schema',
  'secrets list': 'list_secrets',
  'secrets set': 'set_secret',
  'secrets unset': 'unset_secret',
  show: 'get_project',
  sql: 'run_sql',
  start: 'control_backend',
  stop: 'control_backend',
  undo: 'undo_change',
  url: 'get_connection',
};

/** A command: with all of its arguments where it stands in quotes, else with a scope at most. */
const COMMANDS = new RegExp(
  [String.raw`\`turbobackend (NAMES)\b[^\`]*\``, String.raw`turbobackend (NAMES)\b(?: <[a-z]+>| --scope [a-z]+)*`]
    .join('|')
    .replaceAll('NAMES', () => Object.keys(OPERATION_OF).join('|')),
  'g',
);

function isOffered(name: string): boolean {
  return OPERATIONS.some((known) => known.name === name);
}

/** How the operation is called at the door; over HTTP when the tools have no such one. */
function callOf(door: CallingDoor, name: string): string {
  const operation = OPERATIONS.find((known) => known.name === name);
  if (operation === undefined || (door === 'mcp' && operation.isTool)) return name;
  return `${operation.http.method} ${operation.http.path}`;
}

/** For failures that come without a fix of their own. */
function usualFix(code: string): string {
  const own = USUAL[code];
  if (own !== undefined) return own;
  return isRetried(code) ? 'Try again in a moment.' : 'Change the call as the message says; the same one fails again.';
}

const USUAL: Readonly<Record<string, string>> = {
  NOT_FOUND: '`turbobackend show <project>` tells what the project has.',
  PROJECT_NOT_FOUND: '`turbobackend list` shows the projects there are.',
  RUN_NOT_FOUND: '`turbobackend show <project>` lists the runs of a project.',
  NAME_TAKEN: 'Choose another name.',
  CONFIRMATION_NEEDED: 'Pass the name of the project as confirm.',
  UNAUTHORIZED: 'Send Authorization: Bearer tb_….',
  FORBIDDEN: 'Use a key with a wider scope.',
  RUN_CANCELLED: '`turbobackend create` begins it anew.',
  CONFIG_INVALID: OPERATORS,
};

function isRetried(code: string): boolean {
  return Object.hasOwn(FAILURES, code) && FAILURES[code as keyof typeof FAILURES].retry;
}

/** An operation's answer, with the fix of a run that failed as this door has it. */
export function withDoorFixes<T extends Awaited<ReturnType<Operation['run']>>>(door: CallingDoor, output: T): T {
  const error = output['error'] as Told | undefined;
  return typeof error?.code === 'string' ? { ...output, error: { ...error, fix: fixFor(door, error) } } : output;
}

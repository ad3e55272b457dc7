import type { SourceFile } from '../../domain/source-file.ts';
import type { CommandLimits } from '../../isolation/untrusted-commands.ts';
import type { CommandResult } from '../sandbox.ts';

/** What a command is started with, but for its environment. */
export interface SupervisedCommand {
  readonly command: readonly string[];
  /** Undefined: it runs for as long as somebody asks after it. */
  readonly timeoutMs?: number | undefined;
  readonly keptPartBytes?: number | undefined;
  /** For what a model wrote. */
  readonly limits?: Pick<CommandLimits, 'folderGrowthBytes' | 'freeDiskBytes'> | undefined;
}

/** As far as a command has come. */
export interface CommandState {
  /** Grows with every change. */
  readonly version: number;
  readonly output: string;
  /** Undefined while it runs. */
  readonly result?: CommandResult;
}

export interface Readiness {
  /** What an upload's path starts with, empty or with a slash at its end, to lie beside the project's folder. */
  readonly base: string;
  readonly directory: string;
  readonly typescript: readonly string[];
  readonly nodeVersion: string;
}

export interface PlacedFile {
  readonly path: string;
  readonly mode: number | undefined;
  /** Where its upload lies, relative to the folder of the request's id. */
  readonly staged: string;
}

/**
 * What the agent can be asked for. Any of it may be asked again when the answer was lost: what must not be done twice
 * carries an id, under which it is done once.
 */
export interface AgentVerbs {
  /** Makes what backends run with and the project's folder; undefined while that is still going on. */
  install(request: InstallRequest): Promise<Readiness | Missing | undefined>;
  hello(request: { readonly runtimeVersion: string }): Promise<Readiness>;
  /** Answers when the command has ended, and after `waitMs` at the latest. */
  run(request: RunRequest): Promise<CommandState>;
  /** Answers when there is a later version, and after `waitMs` at the latest. */
  wait(request: { readonly id: string; readonly version: number; readonly waitMs: number }): Promise<CommandState>;
  /** One that was not begun yet never will be. */
  stop(request: { readonly id: string; readonly graceMs: number; readonly waitMs: number }): Promise<CommandState>;
  /** As many of the files, from the first, as go into one answer; one at least. */
  read(request: { readonly paths: readonly string[] }): Promise<readonly SourceFile[]>;
  place(request: { readonly id: string; readonly files: readonly PlacedFile[] }): Promise<undefined>;
  delete(request: { readonly path: string }): Promise<undefined>;
  list(request: object): Promise<readonly string[]>;
  freePort(request: object): Promise<number>;
}

export interface InstallRequest {
  /** What was uploaded since npm could not get it, by its place in the private folder. */
  readonly packages?: string | undefined;
  readonly agentVersion: string;
  readonly runtimeVersion: string;
  readonly waitMs: number;
}

interface RunRequest extends SupervisedCommand {
  readonly id: string;
  /** 0: answers as soon as the command has begun. */
  readonly waitMs: number;
  readonly runtimeVersion: string;
}

/** What npm could not get in the container. */
export interface Missing {
  readonly missing: 'node' | 'packages';
  readonly reason: string;
  /** As Node has it: `linux-x64`. */
  readonly platform: string;
}

export type AgentVerb = keyof AgentVerbs;
export type AgentRequest<V extends AgentVerb> = Parameters<AgentVerbs[V]>[0];
export type AgentAnswer<V extends AgentVerb> = Awaited<ReturnType<AgentVerbs[V]>>;

/** The one variable in which a command's whole environment travels, so that it does not befall the agent itself. */
export const ENVIRONMENT_VARIABLE = 'TURBOBACKEND_ENVIRONMENT';

const MARK = '@turbobackend ';

export function packJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

export function unpackJson(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
}

/** In ASCII, as a character of several bytes may be cut in two on its way through the provider's daemon. */
export function answerLine(answer: unknown): string {
  const json = JSON.stringify(answer).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `\n${MARK}${json}\n`;
}

/** The last answer in what was printed, whatever a shell or Node has to say besides; undefined without one. */
export function readAnswerLine(printed: string): unknown {
  const line = printed.split('\n').findLast((candidate) => candidate.startsWith(MARK));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line.slice(MARK.length));
  } catch {
    return undefined;
  }
}

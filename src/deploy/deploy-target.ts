import type { ProjectId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import type { SourceFile } from '../domain/source-file.ts';

export interface DeployRequest {
  readonly projectId: ProjectId;
  readonly name: string;
  /** Names the release; a running deployment of the same release is left as it is. */
  readonly sourceHash: string;
  readonly files: readonly SourceFile[];
  /** Handed to the deployed process as its environment, the database's variables among them. */
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly signal?: AbortSignal | undefined;
}

/** What a deployment is to have as its environment from now on. */
export interface Configuration {
  readonly projectId: ProjectId;
  readonly name: string;
  /** All of them. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Names that it had and has no more; where an app's owner may set some, the others stay. */
  readonly withdrawn: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface Deployment {
  readonly projectId: ProjectId;
  /** `dead`: nobody stopped it, and it does not run. */
  readonly status: 'running' | 'stopped' | 'dead';
  /** Without a trailing slash. */
  readonly url: string;
  readonly sourceHash: string;
  /** What the target calls it: a process id, a machine's name. */
  readonly externalId: string;
}

/** Runs a project's backend for good. Port: `local-process-target.ts`, `fly-target.ts`. */
export interface DeployTarget {
  /**
   * Asks the provider for something that changes nothing; resolves to what it knows us as. Undefined where there is
   * nobody to ask. Rejects as the other methods do when it refuses us or cannot be reached.
   */
  check?(signal?: AbortSignal): Promise<string>;

  /**
   * Brings the release up and resolves once `/healthz` and `/readyz` answered 200. A release that does not become
   * healthy is taken down again, the one before it stays or comes back. Rejects with `DEPLOY_FAILED`, the last lines
   * of its log in the message. Where two processes can share a port (`local`, on Linux) there is no moment at which
   * nobody answers: the new one listens beside the old, which then answers what it was asked and ends.
   */
  deploy(request: DeployRequest): Promise<Deployment>;

  /**
   * Gives the release that is deployed another environment. One that runs is replaced as `deploy` replaces one, so that
   * no call is lost where two processes can share a port, and stays as it was when it does not become healthy with it
   * (`DEPLOY_FAILED`); one that is stopped has it from its next start. Undefined when nothing was deployed.
   */
  configure(configuration: Configuration): Promise<Deployment | undefined>;

  /** Starts what `stop` (or a reboot) ended, on the same address. Rejects with `DEPLOY_FAILED`. */
  start(projectId: ProjectId): Promise<Deployment>;

  /** Resolves when it is not running, which it may not have been. The release stays. */
  stop(projectId: ProjectId): Promise<void>;

  /** Undefined when nothing was deployed. */
  find(projectId: ProjectId): Promise<Deployment | undefined>;

  /** The last `lines` lines of what the backend printed, oldest first. */
  logs(projectId: ProjectId, lines: number): Promise<readonly string[]>;

  /** Stops it and removes its releases and its log; resolves when it is already gone. */
  remove(projectId: ProjectId): Promise<void>;

  /** The projects of this installation that have a deployment, or the beginning of one, known to us or not. */
  list(): Promise<readonly ProjectId[]>;
}

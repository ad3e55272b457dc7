import { basename, dirname, join } from 'node:path';

/** The private folder's name; it lies beside the project's, for neither its commands nor its source listing to meet. */
export const PRIVATE_FOLDER = '.turbobackend';
const PROJECT_FOLDER = 'project';

/** Where the agent's file lies below the folder that its modules were uploaded to. */
export const AGENT_PATH = 'sandbox/daytona/agent';
export const RUNTIME_FILES = 'runtime';

/** Where things are in the container, as the agent finds them from its own place. */
export interface AgentHome {
  /** The private folder. */
  readonly root: string;
  readonly project: string;
  readonly commands: string;
  readonly staging: string;
  /** The folder of the agent's modules. */
  readonly modules: string;
}

/** `agentFile`: absolute. */
export function agentHome(agentFile: string): AgentHome {
  const modules = AGENT_PATH.split('/').reduce((folder) => dirname(folder), agentFile);
  const root = dirname(modules);
  if (basename(root) !== PRIVATE_FOLDER) throw new Error(`The agent does not lie in ${PRIVATE_FOLDER}`);
  return {
    root,
    modules,
    project: join(dirname(root), PROJECT_FOLDER),
    commands: join(root, 'commands'),
    staging: join(root, 'staging'),
  };
}

export function runtimeFolder({ root }: AgentHome, version: string): string {
  return join(root, `runtime-${version}`);
}

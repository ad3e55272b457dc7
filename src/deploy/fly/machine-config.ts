import { createHmac } from 'node:crypto';
import { INSTALLATION_MARK, PROJECT_MARK } from '../../cloud/external-name.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import type { FlyMachine } from './fly-answers.ts';

/** Which image runs, and what it was made of. */
export interface FlyRelease {
  readonly image: string;
  readonly sourceHash: string;
  /** The same only for the same image, secrets and configuration; tells nothing about any of them. */
  readonly fingerprint: string;
}

/**
 * `unproven` until the release has answered its health checks; `stopped` from when its user wants it to be, whether it
 * is already or not.
 */
export type MachineState = 'unproven' | 'healthy' | 'stopped';

export interface MachineMarks {
  readonly projectId: ProjectId;
  readonly installationId: string;
}

export type MachineConfig = ReturnType<typeof machineConfig>;

export const STATE_KEY = 'turbobackend.state';
export const SERVER_PORT = 8080;
const RELEASE_KEY = 'turbobackend.release';
const FINGERPRINT_KEY = 'turbobackend.fingerprint';
// What to come back to, for whoever finds an unproven release that its deployer did not live to judge.
const BEFORE_KEY = 'turbobackend.before';

/** A machine that sleeps while nobody asks it for anything. Holds no secret: those are the app's. */
export function machineConfig(
  { image, ...release }: FlyRelease,
  marks: MachineMarks,
  state: MachineState,
  before?: FlyRelease,
) {
  return {
    image,
    env: { ...SERVER_ENVIRONMENT },
    guest: { cpu_kind: 'shared', cpus: 1, memory_mb: MEMORY_MB },
    services: [
      {
        protocol: 'tcp',
        internal_port: SERVER_PORT,
        autostop: 'stop',
        autostart: true,
        min_machines_running: 0,
        ports: [
          { port: 80, handlers: ['http'], force_https: true },
          { port: 443, handlers: ['tls', 'http'] },
        ],
        concurrency: { type: 'requests', soft_limit: 200, hard_limit: 250 },
      },
    ],
    checks: {
      health: {
        type: 'http',
        port: SERVER_PORT,
        method: 'GET',
        path: '/healthz',
        interval: '15s',
        timeout: '5s',
        grace_period: '10s',
      },
    },
    restart: { policy: 'on-failure', max_retries: 3 },
    stop_config: { signal: 'SIGTERM', timeout: '10s' },
    metadata: {
      [PROJECT_MARK]: marks.projectId,
      [INSTALLATION_MARK]: marks.installationId,
      [STATE_KEY]: state,
      ...releaseMetadata(release),
      ...(before ? { [BEFORE_KEY]: JSON.stringify(before) } : {}),
    } as Readonly<Record<string, string>>,
  };
}

// Measured: a generated backend takes 110 MB, and 126 when 32 callers ask at once; 190 were never too few.
const MEMORY_MB = 256;

const SERVER_ENVIRONMENT = {
  HOST: '0.0.0.0',
  PORT: String(SERVER_PORT),
  NODE_ENV: 'production',
  // Fly.io's proxy passes on calls for the app's own names alone, each with the caller's address.
  ALLOWED_HOSTS: '*',
  TRUST_PROXY: '1',
};

function releaseMetadata({ sourceHash, fingerprint }: Omit<FlyRelease, 'image'>): Record<string, string> {
  return { [RELEASE_KEY]: sourceHash, [FINGERPRINT_KEY]: fingerprint };
}

/** Keyed, so that nobody who may read a machine's metadata can try out secrets against it. */
export function fingerprintOf(
  key: Secret,
  release: Omit<FlyRelease, 'fingerprint'>,
  marks: MachineMarks,
  secrets: Readonly<Record<string, Secret>>,
): string {
  const config = machineConfig({ ...release, fingerprint: '' }, marks, 'unproven');
  const values = Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]);
  const told = JSON.stringify([config, values.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))]);
  return createHmac('sha256', key.reveal()).update(told).digest('hex').slice(0, 32);
}

/** Undefined when the machine is not one that we made for the project. */
export function releaseOfMachine({ config }: FlyMachine): FlyRelease | undefined {
  const { image, metadata = {} } = config ?? {};
  const { [RELEASE_KEY]: sourceHash, [FINGERPRINT_KEY]: fingerprint } = metadata;
  if (image === undefined || sourceHash === undefined || fingerprint === undefined) return undefined;
  return { image, sourceHash, fingerprint };
}

/** The release that was healthy before the machine's own, which is not known to be. */
export function releaseBefore({ config }: FlyMachine): FlyRelease | undefined {
  const told = config?.metadata?.[BEFORE_KEY];
  return told === undefined ? undefined : (JSON.parse(told) as FlyRelease);
}

export function stateOfMachine({ config }: FlyMachine): MachineState {
  const state = config?.metadata?.[STATE_KEY];
  return state === 'healthy' || state === 'stopped' ? state : 'unproven';
}

export function isOurs({ config }: FlyMachine, { projectId, installationId }: MachineMarks): boolean {
  const { [PROJECT_MARK]: project, [INSTALLATION_MARK]: installation } = config?.metadata ?? {};
  return project === projectId && installation === installationId;
}

/** Whether it was made for any project, of any installation. */
export function isMarked({ config }: FlyMachine): boolean {
  return config?.metadata?.[PROJECT_MARK] !== undefined;
}

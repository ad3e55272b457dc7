/** Stands in everything that must not be read. */
export const CANARY = 'turbobackend-canary';

export const ATTACKS = [
  'environment',
  'process-environment',
  'process-memory',
  'process-signal',
  'process-arguments',
  'read-outside',
  'read-through-process',
  'read-through-link',
  'read-other-project',
  'write-outside',
  'truncate-outside',
  'change-mode',
  'namespaces',
  'connect-port',
  'connect-socket',
  'connect-address',
  'unlimited',
  'leave-session',
] as const;

/** Each is named after what the attacker gets when it works. */
export type AttackName = (typeof ATTACKS)[number];

export interface AttackTargets {
  /** Of the user that we are; has the canary in its environment, and an argument that no other process has. */
  readonly process: number;
  readonly processArgument: string;
  readonly secretFile: string;
  readonly otherProjectFile: string;
  readonly outsideFolder: string;
  /** This and the next two answer whoever connects. */
  readonly port: number;
  readonly socket: string;
  /** On 127.0.0.2, while only 127.0.0.1 was allowed; 0 when no port was. */
  readonly portElsewhere: number;
  /** How long a process that left the session sleeps: nobody else sleeps as long, so that it is known by it. */
  readonly survivorSeconds: string;
}

import type { TurboError } from '../../domain/errors.ts';
import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';
import type { FlyApi } from './fly-api.ts';
import type { MachineMarks } from './machine-config.ts';

/** Where one project's backend lives, and how it is dealt with there. */
export interface FlyPlace {
  readonly api: FlyApi;
  readonly app: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly marks: MachineMarks;
  readonly org: string;
  readonly region: string;
  readonly baseImage: string;
  readonly registry: { readonly url: string; readonly user: string; readonly password: Secret };
  readonly logsUrl: string | undefined;
  readonly cacheFolder: string;
  readonly healthyWithinMs: number;
  /** Knows our own keys. */
  readonly redactor: Redactor;
  /** Knows the backend's secrets, as far as they are known at all. */
  readonly redact: (text: string) => string;
  /** The error that crosses our door. */
  readonly tell: (error: unknown) => TurboError;
}

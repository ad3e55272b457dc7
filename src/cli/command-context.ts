import type { Config } from '../config/config.ts';
import type { TurboBackend } from '../turbobackend.ts';
import type { Interrupts } from './interrupts.ts';
import type { Screen } from './screen.ts';

/** What a command works with. */
export interface CommandContext extends Screen {
  readonly backend: TurboBackend;
  readonly config: Config;
  readonly interrupts: Interrupts;
}

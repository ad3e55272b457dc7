import type { Pool } from 'pg';
import type { RunEngine } from '../engine/run-engine.ts';
import type { RunPorts } from '../pipeline/run-context.ts';
import type { EventHub } from '../store/event-hub.ts';

/** What the use cases work with. */
export interface UseCaseParts {
  /** Whose projects are seen and made. */
  readonly ownerId: string;
  readonly pool: Pool;
  readonly hub: EventHub;
  readonly ports: RunPorts;
  /** Started when it is first asked for, since most commands hand in no run. */
  engine(): Promise<RunEngine>;
}

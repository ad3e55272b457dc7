import type { Pool } from 'pg';
import type { Slots } from '../domain/slots.ts';
import type { RunEngine } from '../engine/run-engine.ts';
import type { SchemaProposal } from '../domain/schema-design.ts';
import type { Placement } from '../domain/placement.ts';
import type { ProjectPorts, RunPorts } from '../pipeline/run-context.ts';
import type { EventHub } from '../store/event-hub.ts';
import type { ProjectSecrets } from '../store/project-secrets.ts';

/** What the use cases work with. */
export interface UseCaseParts {
  /** Whose projects are seen and made. */
  readonly ownerId: string;
  readonly pool: Pool;
  readonly hub: EventHub;
  readonly secrets: ProjectSecrets;
  /** What does not depend on the project. */
  readonly ports: Omit<RunPorts, keyof ProjectPorts>;
  /** Where a new project is made. */
  readonly placement: Placement;
  /** Every place whose settings are known, in as few placements as hold them all. */
  readonly placements: readonly Placement[];
  /** What a project works with that was made there. Rejects with `CONFIG_INVALID` when a provider's key is no longer set. */
  readonly portsAt: (placement: Placement) => Promise<ProjectPorts>;
  /** For what tries something out outside of runs, on copies of databases and with servers of its own. */
  readonly trials: Slots;
  /** A schema in a notation that is no SQL (Prisma, DBML …); undefined when it is none that is known. */
  readonly readNotation: (text: string) => Promise<SchemaProposal | undefined>;
  /** Started when it is first asked for, since most commands hand in no run. */
  engine(): Promise<RunEngine>;
}

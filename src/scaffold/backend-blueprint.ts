import type { AccessPlan } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { EndpointSketch } from '../domain/schema-design.ts';

export interface BackendBlueprint {
  /** The project's name: [a-z0-9-], goes into package.json. */
  readonly name: string;
  /** What the user asked for, for the README; not trusted to be harmless in markup or code. */
  readonly prompt: string;
  /** Undefined for a backend without a database. */
  readonly schema: DatabaseSchema | undefined;
  /** The statements that made the schema, in order: the project's first migration. Empty without a database. */
  readonly statements: readonly string[];
  /** Undefined, as for `none`: everybody may do everything. */
  readonly access?: AccessPlan | undefined;
  /** For a backend without a database. */
  readonly endpoints: readonly EndpointSketch[];
}

import type { TypeName } from 'libpg-query';

/** The names that the statements of a proposal define, gathered before any of them is read. */
export interface SchemaNames {
  /** Tables and types that statements would have made which are refused: what rests on them is not told again. */
  readonly refused: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string>;
  readonly enums: ReadonlySet<string>;
  /** Table → its columns. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  /** Table → the types of its columns, as they are written. */
  readonly columnTypes: ReadonlyMap<string, ReadonlyMap<string, TypeName>>;
}

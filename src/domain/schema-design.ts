import type { DatabaseSchema } from './database-schema.ts';

/** The planner's answer to «does this prompt need a database?». */
export interface DatabaseNeed {
  readonly needsDatabase: boolean;
  readonly reasoning: string;
  /** 0.5 (a guess) to 1 (certain); undefined when the planner does not say. */
  readonly confidence?: number | undefined;
}

export interface ProposedColumn {
  readonly name: string;
  readonly type: string;
  /** `PRIMARY KEY`, `UNIQUE NOT NULL`, `REFERENCES users (id)` …; empty when there are none. */
  readonly constraints: string;
}

/** One table as a planner, a model or a user says it. Nothing in it has been checked. */
export interface ProposedTable {
  readonly tableName: string;
  readonly columns?: readonly ProposedColumn[] | undefined;
  /** SQL text: a CREATE TABLE, and whatever indexes, enums, comments and ADD CONSTRAINTs come with it. */
  readonly createQuery: string;
}

/** What a planner proposes. Its SQL is never executed: the schema room turns it into a `SchemaDesign` or refuses it. */
export interface SchemaProposal {
  readonly tables: readonly ProposedTable[];
  /** What the planner wants the user to know: how sure it is of which table, parts of the prompt it did not use. */
  readonly warnings: readonly string[];
  /** What the schema was pasted as (`SQL`, `Prisma schema`): it stays as it stands. Undefined for one that was designed. */
  readonly given?: string | undefined;
  /** 0 (a guess) to 1 (said in so many words); undefined when the planner does not say. */
  readonly confidence?: number | undefined;
  /** What would make it sure: a question each, with the sentence to add to the prompt. */
  readonly questions?: readonly string[] | undefined;
}

/** Why a table or a column of a design is there. */
export interface DesignReason {
  readonly table: string;
  /** Undefined for the table itself. */
  readonly column?: string | undefined;
  /** For people, without a full stop: `told: «due date»`. */
  readonly because: string;
}

/** Something the schema way has to say about a proposal, precise enough to act on. */
export interface Finding {
  /** An `error` refuses the proposal; a `change` was applied by a house rule; a `note` is told and left as it is. */
  readonly severity: 'error' | 'change' | 'note';
  /** Short and stable: `statement-refused`, `type-refused`, `unknown-column` … */
  readonly code: string;
  readonly message: string;
  readonly table?: string | undefined;
  /** The statement's text, cut to 200 characters. */
  readonly statement?: string | undefined;
  /** What to write instead. */
  readonly fix?: string | undefined;
}

/** One statement of our own making: deparsed from the checked syntax tree, parsed again and found equal. */
export interface DdlStatement {
  readonly kind: 'extension' | 'enum' | 'table' | 'constraint' | 'index' | 'comment';
  /** The table it belongs to; undefined for an enum or an extension. */
  readonly table?: string | undefined;
  /** Without a trailing semicolon. */
  readonly sql: string;
}

/** A proposal that passed every check: the shape it promises and the only statements that will be run for it. */
export interface SchemaDesign {
  readonly schema: DatabaseSchema;
  /** In the order in which they must run. */
  readonly statements: readonly DdlStatement[];
  /** What was changed or is worth telling; never an error. */
  readonly findings: readonly Finding[];
}

/** An endpoint of a backend that keeps no data, as far as it can be derived from the prompt. */
export interface EndpointSketch {
  readonly method: 'GET' | 'POST';
  /** Starts with a slash: `/convert`. */
  readonly path: string;
  readonly summary: string;
  readonly inputs: readonly EndpointField[];
  readonly outputs: readonly EndpointField[];
}

export interface EndpointField {
  /** snake_case. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description: string;
  readonly required: boolean;
}

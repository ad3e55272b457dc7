/**
 * Who may do what with the rows of a backend: stated by a planner, overridden by the user, declared in the generated
 * `src/access.ts` and proven by the gate `access`, which goes by this and never by what was generated from it.
 */
export interface AccessPlan {
  readonly auth: 'none' | 'api-key' | 'password';
  /** The table of those who sign in; undefined unless `auth` is `password`. */
  readonly accounts?: Accounts | undefined;
  /** One for each table of the schema; empty for `none`. A table that is not named is closed. */
  readonly tables: readonly TableAccess[];
}

/** What the columns of the account table are for. */
export interface Accounts {
  readonly table: string;
  /** Unique: who it is that signs in. */
  readonly login: string;
  /** Keeps the password's hash: never an input, an output, a filter or a sort, whatever its name. */
  readonly password: string;
  /** Text; undefined when nothing depends on a role. */
  readonly role?: string | undefined;
}

export type AccessAction = 'read' | 'create' | 'change' | 'remove';

/** An empty list: nobody, and there is no such route. */
export interface TableAccess extends Readonly<Record<AccessAction, readonly AccessGrant[]>> {
  readonly table: string;
  /** The column that holds the owner's key, or the way to it over references: `notebook_id.owner_id`. */
  readonly owner?: string | undefined;
  /** Whose new rows may refer to one of these; undefined: whoever may read it. */
  readonly refer?: readonly AccessGrant[] | undefined;
  /** Columns that are only the backend's and an admin's to set: a total, a state that others decide on. */
  readonly closed?: readonly string[] | undefined;
}

/** A rule, or a rule for the rows that have these values (published posts). */
export type AccessGrant =
  | AccessRule
  | { readonly who: AccessRule; readonly where: Readonly<Record<string, string | number | boolean>> };

/** `as:post_id`: whoever may do the same with the row that `post_id` refers to; to write, whoever may change that. */
export type AccessRule = 'anyone' | 'signed-in' | 'owner' | `role:${string}` | `as:${string}`;

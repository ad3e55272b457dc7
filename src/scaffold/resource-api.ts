/** One table's part of the API, the one place that decides names and paths; the verifier reads it too. */
export interface ResourceApi {
  readonly table: string;
  /** `/v1/blog-posts` */
  readonly collectionPath: string;
  /** `/v1/blog-posts/{id}`, one placeholder per key column; undefined when the table has no key to address a row by. */
  readonly itemPath: string | undefined;
  /** The column behind each placeholder of `itemPath`, in order. */
  readonly keyColumns: readonly string[];
  /** The field that lists are ordered by when nobody says; by the key when undefined. */
  readonly order?: string;
  readonly operations: readonly ('list' | 'create' | 'read' | 'update' | 'delete')[];
  /** Lists of children: `/v1/users/{id}/posts` gives rows of `table` whose `column` is that user. */
  readonly nested: readonly { readonly path: string; readonly table: string; readonly column: string }[];
}

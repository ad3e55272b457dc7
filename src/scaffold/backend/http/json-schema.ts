/** A JSON Schema. What validates a request is also what documents it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

type Json = Readonly<Record<string, unknown>>;

/** A route of the OpenAPI document. */
export interface DocumentedRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** OpenAPI parameter objects. */
  readonly parameters: readonly Json[];
  readonly requestBody?: Json | undefined;
  /** OpenAPI response objects by status; problems are added to them. */
  readonly responses: Readonly<Record<number, Json>>;
  /** Answered without a key. */
  readonly isOpen?: boolean;
}

/** A response with text of this type, or with none. */
export function textAnswer(description: string, type?: string): Json {
  return { description, ...(type !== undefined && { content: { [type]: { schema: { type: 'string' } } } }) };
}

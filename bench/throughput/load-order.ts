/** What the load generator is told, as JSON on its standard input. */
export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** Before it counts. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Any other status ends it in failure. */
  readonly expectedStatus: number;
  /** Each connection goes through them from a place of its own, again and again. */
  readonly requests: readonly LoadRequest[];
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** What it answers, as JSON on its standard output. */
export interface LoadFigures {
  /** All that were answered, those before it counted too. */
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

import type { FastifyInstance } from 'fastify';
import type { TurboBackend } from '../turbobackend.ts';

/** Upper bounds of the histogram of durations, in seconds. */
const BOUNDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60] as const;

interface RouteCount {
  readonly statuses: Map<number, number>;
  readonly buckets: number[];
  seconds: number;
}

/** Counts what is answered, and tells it in Prometheus' text format. */
export class Metrics {
  readonly #routes = new Map<string, RouteCount>();

  count(method: string, route: string, status: number, seconds: number): void {
    const key = labels({ method, route });
    const known = this.#routes.get(key) ?? { statuses: new Map(), buckets: BOUNDS.map(() => 0), seconds: 0 };
    known.statuses.set(status, (known.statuses.get(status) ?? 0) + 1);
    known.seconds += seconds;
    BOUNDS.forEach((bound, index) => {
      if (seconds <= bound) known.buckets[index] = (known.buckets[index] ?? 0) + 1;
    });
    this.#routes.set(key, known);
  }

  /** The requests and, from the control database, the runs. */
  async render(backend: TurboBackend): Promise<string> {
    const runs = await backend.countRuns();
    return [
      ...family('turbobackend_runs', 'gauge', 'Runs by status.'),
      ...Object.entries(runs).map(([status, count]) => `turbobackend_runs${braces(labels({ status }))} ${count}`),
      ...family('turbobackend_active_runs', 'gauge', 'Runs that have not ended.'),
      `turbobackend_active_runs ${runs.queued + runs.running}`,
      ...family('turbobackend_http_requests_total', 'counter', 'Requests answered.'),
      ...[...this.#routes].flatMap(([key, { statuses }]) =>
        [...statuses].map(
          ([status, count]) =>
            `turbobackend_http_requests_total${braces(`${key},${labels({ status: String(status) })}`)} ${count}`,
        ),
      ),
      ...family('turbobackend_http_request_duration_seconds', 'histogram', 'How long an answer took.'),
      ...[...this.#routes].flatMap(([key, count]) => histogramLines(key, count)),
      ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.'),
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      '',
    ].join('\n');
  }
}

/** Counts every request of the app by its route, so that no caller can make up new ones. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.count(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
}

function histogramLines(key: string, { statuses, buckets, seconds }: RouteCount): string[] {
  const name = 'turbobackend_http_request_duration_seconds';
  const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...BOUNDS.map((bound, index) => `${name}_bucket${braces(`${key},le="${bound}"`)} ${buckets[index] ?? 0}`),
    `${name}_bucket${braces(`${key},le="+Inf"`)} ${total}`,
    `${name}_sum${braces(key)} ${seconds}`,
    `${name}_count${braces(key)} ${total}`,
  ];
}

function family(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function labels(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}"`,
    )
    .join(',');
}

function braces(text: string): string {
  return `{${text}}`;
}

import { randomText } from '../../domain/ids.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { writeDownRoutes } from './write-down-routes.ts';

/** A route as the backend itself has registered it. */
export interface ServedRoute {
  /** As a document writes it: `GET /v1/users/{id}`. */
  readonly id: string;
  /** `src/routes/users.ts:12` */
  readonly place: string;
}

/** A kind of answer that a route of the backend gave. */
export interface SeenAnswer {
  readonly id: string;
  readonly status: number;
  /** The address of the first request that was answered so. */
  readonly request: string;
}

/** What the backend's own process says about its routes, whatever its document says. */
export class RouteWatch {
  readonly #fileName = `routes-${randomText(12)}`;

  /** For `node`, before the program. */
  get nodeArguments(): readonly string[] {
    const script = `(${writeDownRoutes.toString()})(${JSON.stringify(this.#fileName)})`;
    return ['--import', `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`];
  }

  /** What was written down so far; nothing when no Fastify was started. */
  async read(
    sandbox: Sandbox,
  ): Promise<{ readonly routes: readonly ServedRoute[]; readonly answers: readonly SeenAnswer[] }> {
    const path = `.tmp/${this.#fileName}`;
    const text = await sandbox.readFile(path).catch(() => '');
    const lines = text.split('\n').filter(Boolean).map(readLine);
    return {
      routes: lines.flatMap((line) => (line && 'place' in line ? [line] : [])),
      answers: lines.flatMap((line) => (line && 'status' in line ? [line] : [])),
    };
  }

  async forget(sandbox: Sandbox): Promise<void> {
    await sandbox.deleteFile(`.tmp/${this.#fileName}`).catch(() => undefined);
  }
}

/** Undefined for a line that was cut off: the process may have been killed while it wrote. */
function readLine(line: string): ServedRoute | SeenAnswer | undefined {
  try {
    const { method, url, place, status, request } = JSON.parse(line) as Record<string, string & number>;
    const id = `${method} ${documentedPath(String(url))}`;
    return place === undefined ? { id, status: Number(status), request: String(request) } : { id, place };
  } catch {
    return undefined;
  }
}

/** `/v1/users/:id` → `/v1/users/{id}` */
function documentedPath(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

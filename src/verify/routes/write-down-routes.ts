/**
 * Runs in the backend's own process before its source, and appends to the file, a JSON line each: every route that a
 * Fastify there registers, with the place in the source, and every kind of answer that a route gave, once. It travels as
 * text, so it may use nothing from outside of itself.
 */
export function writeDownRoutes(fileName: string): void {
  interface Route {
    readonly method: string | readonly string[];
    readonly url: string;
  }
  type Hook = (route: Route) => void;
  type Answered = (
    request: { method: string; url: string; routeOptions?: { url?: string } },
    reply: { statusCode: number },
    done: () => void,
  ) => void;
  interface App {
    addHook(name: 'onRoute', hook: Hook): void;
    addHook(name: 'onResponse', hook: Answered): void;
  }
  const { appendFileSync } = process.getBuiltinModule('node:fs');
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
  const folder = process.cwd();
  const known = new Set<string>();
  const write = (line: object, key = JSON.stringify(line)): void => {
    if (known.has(key)) return;
    known.add(key);
    try {
      appendFileSync(`${folder}/.tmp/${fileName}`, `${JSON.stringify(line)}\n`);
    } catch {
      // What is not written down counts as not seen.
    }
  };
  /** Where in the source the route was registered: the table's own file rather than what all tables share. */
  const placeOf = (): string => {
    Error.stackTraceLimit = 60;
    const places = [...(new Error().stack ?? '').matchAll(/(?:file:\/\/)?(\/[^\s()]+):(\d+):\d+/g)]
      .filter(([, path = '']) => path.startsWith(`${folder}/`) && !path.includes('/node_modules/'))
      .map(([, path = '', line]) => `${path.slice(folder.length + 1)}:${line}`);
    return places.find((place) => !place.startsWith('src/http/')) ?? places[0] ?? 'unknown';
  };
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: App };
    fastify.addHook('onRoute', ({ method, url }) => {
      const place = placeOf();
      for (const one of [method].flat()) write({ method: one, url, place });
    });
    fastify.addHook('onResponse', ({ method, url, routeOptions }, { statusCode }, done) => {
      const route = routeOptions?.url;
      const line = { method, url: route, status: statusCode, request: url.slice(0, 200) };
      if (route !== undefined) write(line, `${method} ${route} ${statusCode}`);
      done();
    });
  });
}

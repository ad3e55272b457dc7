import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

/**
 * Refuses calls for a name that is not ours, as a web page sends them whose own name was made to point at its visitor's
 * machine. Addresses and this machine's own names need no list. `*` in the list lets every name in.
 */
export function guardHost(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  app.addHook('onRequest', (request, _reply, done) => {
    if (hostHeaders(request) > 1) throw new Problem(400, 'The request has more than one Host.');
    const { host } = request.headers;
    if (host === undefined || allowed.has('*') || isOurs(nameOf(host), allowed)) return done();
    throw new Problem(421, 'This host is not ours. Whoever runs this backend can name it in ALLOWED_HOSTS.');
  });
}

/** Node keeps the first of several and says nothing. */
function hostHeaders({ raw }: FastifyRequest): number {
  let count = 0;
  for (let at = 0; at < raw.rawHeaders.length; at += 2) if (raw.rawHeaders[at]?.toLowerCase() === 'host') count += 1;
  return count;
}

function isOurs(name: string, allowed: ReadonlySet<string>): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) > 0 || allowed.has(name);
}

/** Without the port and the brackets of an IPv6 address; empty for what is no host. */
function nameOf(host: string): string {
  return /^(?:\[([0-9a-f:.]+)\]|([\w.-]+?)\.?)(?::\d+)?$/i.exec(host)?.slice(1).find(Boolean)?.toLowerCase() ?? '';
}

import { hostname, networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { TurboError } from '../domain/errors.ts';

/**
 * Refuses calls for a host that is not ours, as a page whose name was made to point here sends them, and calls from web
 * pages that are not ours.
 */
export function guardHost(app: FastifyInstance, host: string, publicUrl: string | undefined): void {
  const ours = ownNames(host, publicUrl);
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  app.addHook('onRequest', async (request) => {
    refuseTwice(request.raw.rawHeaders);
    const called = request.headers.host ?? '';
    if (!ours.has(nameOf(called))) {
      throw new TurboError('FORBIDDEN', `The host «${called}» is not ours`, {
        fix: 'Call the address that serve printed, or set TURBOBACKEND_PUBLIC_URL to the one that you call.',
      });
    }
    const { origin } = request.headers;
    if (origin === undefined || origin === publicOrigin || hostOf(origin) === called) return;
    throw new TurboError('FORBIDDEN', `Web pages of «${origin}» may not call us`, {
      fix: 'Call from a program or from our own pages; behind a proxy, set TURBOBACKEND_PUBLIC_URL to its address.',
    });
  });
}

/** Of two such headers Node would take one, and what stands before us may have taken the other. */
const SINGLE: ReadonlySet<string> = new Set(['authorization', 'content-length', 'content-type', 'host', 'origin']);

/** `headers`: names and values in turn, as they came. */
function refuseTwice(headers: readonly string[]): void {
  const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = names.find((name, index) => SINGLE.has(name) && names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TurboError('USAGE', `The header ${twice} came twice`, { fix: 'Send it once.' });
}

function ownNames(host: string, publicUrl: string | undefined): ReadonlySet<string> {
  const addresses = isWildcard(host)
    ? [hostname(), ...Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))]
    : [host];
  const names = ['localhost', '127.0.0.1', '::1', ...addresses].map((name) => nameOf(asHost(name)));
  return new Set(publicUrl === undefined ? names : [...names, new URL(publicUrl).hostname]);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** An address as it stands in a URL. */
function asHost(address: string): string {
  return address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address;
}

/** Without the port; empty for what is no host. */
function nameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

import { TurboError } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/loopback.ts';
import type { Repository } from './repository.ts';

/**
 * Where the repository is pushed to, without credentials. GitHub names it, and the token goes there only when it is the
 * host that belongs to the API: `github.com` to `api.github.com`, else the API's own. Rejects with `PUBLISH_FAILED`.
 */
export function cloneAddress(apiUrl: string, { fullName, cloneUrl }: Repository): string {
  const api = new URL(apiUrl);
  const port = api.port === '' ? '' : `:${api.port}`;
  const address = new URL(cloneUrl ?? `${api.protocol}//${gitHost(api)}${port}/${fullName}.git`);
  if (belongsTo(api, address)) return `${address.origin}${address.pathname}`;
  throw new TurboError('PUBLISH_FAILED', `GitHub at ${api.host} wants ${fullName} pushed to ${address.host}`, {
    phase: 'publish',
    fix: `GITHUB_TOKEN is not sent there. Check GITHUB_API_URL: it must be the API of the GitHub that is to be used.`,
  });
}

function belongsTo(api: URL, address: URL): boolean {
  const isHost = [api.hostname, gitHost(api)].includes(address.hostname);
  if (api.protocol === 'https:') return address.protocol === 'https:' && isHost && address.port === api.port;
  // Only this machine itself is asked without encryption, and it may keep its repositories on a port of their own.
  return isHost || (isLoopback(api.hostname) && isLoopback(address.hostname));
}

function gitHost({ hostname }: URL): string {
  return hostname.replace(/^api\.(?=.*\.)/, '');
}

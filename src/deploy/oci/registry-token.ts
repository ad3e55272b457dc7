import { z } from 'zod';
import type { ProviderClient } from '../../cloud/provider-client.ts';
import { isSafeAddress } from './image-reference.ts';

/** Where a registry says that tokens are given out, and for what. */
export interface TokenOffer {
  readonly realm: URL;
  readonly service: string | undefined;
  /** `repository:library/node:pull`; several are apart by spaces. */
  readonly scope: string | undefined;
}

const tokenAnswer = z.object({ token: z.string(), access_token: z.string() }).partial();

/** Reads `WWW-Authenticate`; undefined unless it is an offer of tokens from an address that is safe to ask. */
export function readTokenOffer(challenge: string | null): TokenOffer | undefined {
  const [, parameters] = /^\s*Bearer\s+(.+)$/i.exec(challenge ?? '') ?? [];
  if (parameters === undefined) return undefined;
  const values = new Map(
    [...parameters.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const realm = URL.parse(values.get('realm') ?? '');
  if (!realm || !isSafeAddress(realm)) return undefined;
  return { realm, service: values.get('service'), scope: values.get('scope') };
}

/** Whether the key may go there: to the registry itself, or to a host under the same domain, `auth.` beside `registry.`. */
export function mayHaveKey(registry: URL, realm: URL): boolean {
  if (realm.host === registry.host) return true;
  const domain = registry.hostname.split('.').slice(1).join('.');
  return domain.includes('.') && realm.hostname.endsWith(`.${domain}`) && realm.protocol === 'https:';
}

/** Resolves to a token; who has no key gets an anonymous one. Rejects with `ProviderError`. */
export async function fetchToken(
  client: ProviderClient,
  offer: TokenOffer,
  authorization: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const url = new URL(offer.realm);
  if (offer.service !== undefined) url.searchParams.set('service', offer.service);
  for (const scope of offer.scope?.split(' ') ?? []) url.searchParams.append('scope', scope);
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const answer = await client.ask({ path: url.href, headers, signal });
  const { data } = tokenAnswer.safeParse(answer.json());
  return data?.token ?? data?.access_token;
}

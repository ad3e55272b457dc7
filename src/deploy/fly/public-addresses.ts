import { getOrCreate } from '../../cloud/get-or-create.ts';
import type { FlyAddress } from './fly-answers.ts';
import type { FlyApi } from './fly-api.ts';

interface AddressKind {
  readonly type: 'shared_v4' | 'v6';
  readonly fits: (address: FlyAddress) => boolean;
}

const KINDS: readonly AddressKind[] = [
  // One of its own, which somebody gave it, does as well.
  { type: 'shared_v4', fits: ({ ip = '' }) => ip !== '' && !ip.includes(':') },
  // Not the private ones, which are no way in from outside.
  { type: 'v6', fits: ({ ip = '' }) => ip.includes(':') && !ip.startsWith('fdaa:') },
];

/**
 * Gives the app those of its public addresses that it lacks; resolves to whether it lacked any. Where nobody tells what
 * it has, an app without a machine lacks both.
 */
export async function provideAddresses(
  api: FlyApi,
  { name, org }: { readonly name: string; readonly org: string },
  hasMachine: boolean,
): Promise<boolean> {
  let assigned = false;
  for (const { type, fits } of KINDS) {
    const find = async (): Promise<FlyAddress | undefined> => {
      const addresses = await api.listAddresses(name);
      return addresses === undefined && hasMachine ? {} : addresses?.find(fits);
    };
    const { created } = await getOrCreate(find, () => api.assignAddress(name, type, org));
    assigned ||= created;
  }
  return assigned;
}

/**
 * Gives back what is there twice because an answer came late, or two deployments began at once. Only for addresses that
 * were assigned just now: somebody may have had reasons for others. Whoever else does this keeps the same ones.
 */
export async function releaseSurplus(api: FlyApi, app: string): Promise<void> {
  const addresses = (await api.listAddresses(app)) ?? [];
  for (const { type, fits } of KINDS) {
    const alike = addresses.filter((address) => fits(address) && (type === 'v6' || address.shared === true));
    const [, ...surplus] = alike.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
    for (const { ip = '' } of surplus) await api.releaseAddress(app, ip);
  }
}

function rankOf({ created_at: createdAt = '', ip = '' }: FlyAddress): string {
  return `${createdAt} ${ip}`;
}

import type { Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import { createApiKey, listApiKeys, revokeApiKey, useApiKey } from '../store/api-keys.ts';
import type { KeyRing } from '../turbobackend.ts';

const OWNER_ID = /^[a-z0-9][a-z0-9._@-]{0,99}$/i;

export function keyRing(openPool: () => Promise<Pool>): KeyRing {
  return {
    async create(request) {
      if (!OWNER_ID.test(request.ownerId)) throw unusableOwner(request.ownerId);
      return createApiKey(await openPool(), request);
    },
    list: async (ownerId) => listApiKeys(await openPool(), ownerId),
    async revoke(keyId, ownerId) {
      const revoked = await revokeApiKey(await openPool(), keyId, ownerId);
      if (revoked) return revoked;
      throw new TurboError('NOT_FOUND', `There is no key ${keyId}`, {
        fix: '`turbobackend keys list` shows the keys there are.',
      });
    },
    recognize: async (key) => useApiKey(await openPool(), key),
  };
}

function unusableOwner(ownerId: string): TurboError {
  return new TurboError('USAGE', `«${ownerId}» cannot be an owner's name`, {
    fix: 'Use letters, digits and . _ @ -, at most 100 of them, starting with a letter or digit.',
  });
}

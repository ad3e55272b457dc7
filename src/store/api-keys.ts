import { createHash } from 'node:crypto';
import type { ApiKey, KeyId } from '../domain/api-key.ts';
import { newId, randomText } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableText } from './storable.ts';

const PREFIX_LENGTH = 9;
/** How much older than this the time of the last use has to be before it is written again. */
const USE_SECONDS = 60;

interface KeyRow {
  key_id: KeyId;
  owner_id: string;
  name: string;
  prefix: string;
  scope: ApiKey['scope'];
  created_at: string;
  last_used_at: string | null;
}

const KEY_COLUMNS = 'key_id, owner_id, name, prefix, scope, created_at, last_used_at';

/** Makes a key; this is the one time that it can be seen. */
export async function createApiKey(
  db: DatabaseClient,
  { ownerId, name, scope }: Pick<ApiKey, 'ownerId' | 'name' | 'scope'>,
): Promise<{ readonly apiKey: ApiKey; readonly key: Secret }> {
  const key = `tb_${randomText(40)}`;
  const { rows } = await db.query<KeyRow>(
    `INSERT INTO tb.api_keys (key_id, owner_id, name, prefix, key_hash, scope)
     VALUES ($1, $2, $3, $4, $5, $6)
     RETURNING ${KEY_COLUMNS}`,
    [newId('key'), ownerId, storableText(name), key.slice(0, PREFIX_LENGTH), hashOf(key), scope],
  );
  const [row] = rows;
  if (!row) throw new Error('A statement that returns a row returned none');
  return { apiKey: toApiKey(row), key: new Secret(key) };
}

/** The key that is not revoked and reads so, its use noted. */
export async function useApiKey(db: DatabaseClient, key: string): Promise<ApiKey | undefined> {
  const { rows } = await db.query<KeyRow>(
    `WITH noted AS (
       UPDATE tb.api_keys
          SET last_used_at = tb.unix_now()
        WHERE key_hash = $1
          AND revoked_at IS NULL
          AND coalesce(last_used_at, 0) < tb.unix_now() - $2::bigint)
     SELECT ${KEY_COLUMNS}
       FROM tb.api_keys
      WHERE key_hash = $1
        AND revoked_at IS NULL`,
    [hashOf(key), USE_SECONDS],
  );
  return rows[0] && toApiKey(rows[0]);
}

/** The keys that are not revoked, oldest first; of one owner or of all. */
export async function listApiKeys(db: DatabaseClient, ownerId?: string): Promise<readonly ApiKey[]> {
  const { rows } = await db.query<KeyRow>(
    `SELECT ${KEY_COLUMNS}
       FROM tb.api_keys
      WHERE revoked_at IS NULL
        AND ($1::varchar IS NULL OR owner_id = $1)
      ORDER BY created_at, key_id`,
    [ownerId],
  );
  return rows.map(toApiKey);
}

/** Undefined when there is no such key, or none of that owner's. */
export async function revokeApiKey(db: DatabaseClient, keyId: string, ownerId?: string): Promise<ApiKey | undefined> {
  const { rows } = await db.query<KeyRow>(
    `UPDATE tb.api_keys
        SET revoked_at = tb.unix_now()
      WHERE key_id = $1
        AND revoked_at IS NULL
        AND ($2::varchar IS NULL OR owner_id = $2)
     RETURNING ${KEY_COLUMNS}`,
    [storableText(keyId), ownerId],
  );
  return rows[0] && toApiKey(rows[0]);
}

/** A key is 40 random characters, so a plain hash cannot be turned back, nor can a table of hashes be made. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function toApiKey(row: KeyRow): ApiKey {
  return {
    keyId: row.key_id,
    ownerId: row.owner_id,
    name: row.name,
    prefix: row.prefix,
    scope: row.scope,
    createdAt: Number(row.created_at), // pg hands bigint over as a string
    lastUsedAt: row.last_used_at === null ? undefined : Number(row.last_used_at),
  };
}

// Makes database after database until it is killed: `node fill-forever.ts <home> <installation id>`.
import { ensureEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { PostgresCluster } from '../../src/database/postgres-cluster.ts';
import { makeCipher, newKey } from '../../src/home/cipher.ts';
import { openControlPool } from '../../src/store/open-control-pool.ts';

const [home = '', installationId = ''] = process.argv.slice(2);
const access = await ensureEmbeddedPostgres({ home });
const pool = openControlPool({ ...access, ...access.admin, database: access.controlDatabase });
const cipher = makeCipher(newKey());
await new PostgresCluster({ access, pool, cipher, installationId, readyDatabases: 1000 }).fillPool();

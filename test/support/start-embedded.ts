// Starts the embedded Postgres of a home, as one process of ours would, and prints what it found: `node start-embedded.ts <home>`.
import { ensureEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';

const { pid, port } = await ensureEmbeddedPostgres({ home: process.argv[2] ?? '' });
process.stdout.write(JSON.stringify({ pid, port }));

import { flushCompileCache } from 'node:module';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { drain } from './http/drain.ts';

// A line that cannot be written, since the disk is full or nobody reads it, must not end the process.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

const config = readConfig(process.env);
const app = await buildApp(config);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, shutDown);

const address = await app.listen({ host: config.host, port: config.port });
process.stdout.write(`listening on ${address}\n`);

/** Answers what has been asked, then lets go of everything; gives up on clients that do not let go. */
async function shutDown(): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  await drain(app);
  await app.close();
  flushCompileCache();
  process.exit(0);
}

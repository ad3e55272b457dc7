import { flushCompileCache } from 'node:module';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { drain } from './http/drain.ts';

// A line that cannot be written, since the disk is full or nobody reads it, must not end the process.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

const config = await orLeave(() => readConfig(process.env));
const app = await buildApp(config);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, shutDown);

const address = await orLeave(() => app.listen({ host: config.host, port: config.port }));
process.stdout.write(`listening on ${address}\n`);

/** Answers what has been asked, then lets go of everything; gives up on clients that do not let go. */
async function shutDown(): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  await drain(app);
  await app.close();
  flushCompileCache();
  process.exit(0);
}

/** Whoever starts it wants to know what to set, in one line, rather than where in here it was missed. */
async function orLeave<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isTaken = code === 'EADDRINUSE';
    process.stderr.write(`Cannot start: ${message}${isTaken ? '. Set PORT to a free one.' : ''}\n`);
    return process.exit(1);
  }
}

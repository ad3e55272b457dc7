import { isDiskFull } from '../domain/disk-full.ts';
import { FAILURES } from '../domain/errors.ts';
import { ownVersion } from '../domain/own-version.ts';
import type { OpenTurboBackend, Shell, Signal } from './shell.ts';

const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** This process as a `Shell`. */
export function processShell(environment: Shell['environment'], open: OpenTurboBackend): Shell {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment,
    version: ownVersion(),
    open,
    onSignal: listenForSignals,
    onBrokenPipe: listenForBrokenPipe(),
    onExit: (listener) => {
      process.once('exit', listener);
      return () => process.off('exit', listener);
    },
    exit: (code) => process.exit(code),
  };
}

function listenForSignals(listener: (signal: Signal) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}

/** Listens from the start: a stream's error that nobody listens to ends the process, also during `--help | head`. */
function listenForBrokenPipe(): Shell['onBrokenPipe'] {
  const listeners = new Set<() => void>();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // What cannot be told for want of room is no reason to let go of what is being done.
      if (isDiskFull(error)) return stream === process.stdout ? tellLostOutput() : undefined;
      if (error.code !== 'EPIPE') throw error;
      for (const listener of listeners) listener();
    });
  }
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

/** A result that could not be written where it was sent is no success. */
function tellLostOutput(): void {
  if (process.listeners('exit').includes(failForLostOutput)) return;
  process.stderr.write('The disk is full: the output could not be written. Free some room and repeat the command.\n');
  process.once('exit', failForLostOutput);
}

function failForLostOutput(): void {
  process.exitCode ||= FAILURES.DISK_FULL.exitCode;
}

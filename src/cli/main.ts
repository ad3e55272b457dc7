import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import type { OpenTurboBackend } from './shell.ts';

/** How long the process may live on after its command has ended and closed what it had opened. */
const GRACE_MS = 3000;

/** The command line's door: runs `argv` (without node and script) and leaves the exit code to the process. */
export async function main(argv: readonly string[]): Promise<void> {
  keepCompiledCode();
  // After the cache is there, since loading our own modules is most of what a short command does.
  const [{ processShell }, { runCommandLine }] = await Promise.all([
    import('./process-shell.ts'),
    import('./run-command-line.ts'),
  ]);
  process.exitCode = await runCommandLine(argv, processShell(process.env, open));
  setTimeout(() => process.exit(), GRACE_MS).unref();
}

/** In the user's own cache folder: what lies in the one for all users could have been put there by another. */
function keepCompiledCode(): void {
  const home = process.env['HOME'];
  const caches = process.env['XDG_CACHE_HOME'] || (home && join(home, '.cache'));
  if (caches) enableCompileCache(join(caches, 'turbobackend', 'compiled'));
}

// Loaded when a command needs it, so that `--help` and a typing error answer at once.
const open: OpenTurboBackend = async (config, options) => {
  const { openTurboBackend } = await import('../wiring/wiring.ts');
  return openTurboBackend(config, options);
};

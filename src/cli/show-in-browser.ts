import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Shell } from './shell.ts';

const PATIENCE_MS = 3000;

/** Resolves to whether the user's browser was given the address; false where there is no display. */
export async function showInBrowser(url: string, environment: Shell['environment']): Promise<boolean> {
  const opener = openerFor(process.platform, environment);
  if (opener === undefined) return false;
  const child = spawn(opener[0], [...opener.slice(1), url], {
    stdio: 'ignore',
    detached: true,
    env: { ...environment },
  });
  child.unref();
  const ended = once(child, 'exit').then(
    ([code]) => code === 0,
    () => false,
  );
  // A browser that the opener has become goes on.
  const goesOn = new Promise<true>((resolve) => setTimeout(() => resolve(true), PATIENCE_MS).unref());
  return Promise.race([ended, goesOn]);
}

function openerFor(
  platform: NodeJS.Platform,
  environment: Shell['environment'],
): readonly [string, ...(readonly string[])] | undefined {
  if (environment['BROWSER']) return [environment['BROWSER']];
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}

import type { Shell } from './shell.ts';

/** How the user called us, as the start of a line that can be pasted where this one was typed. */
export function ownCommand(environment: Shell['environment']): string {
  const script = environment['npm_lifecycle_event'];
  // Another package's start script may call us; its user cannot reach us by `npm start`.
  if (script === 'start' && environment['npm_package_name'] === 'turbobackend') return 'npm start --';
  return script === 'npx' ? 'npx turbobackend' : 'turbobackend';
}

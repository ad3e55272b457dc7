import { dirname, join } from 'node:path';

/** What every command of a project sees; the folder of `nodePath` has `tsc` too. */
export function commandEnvironment(directory: string, nodePath: string): Record<string, string> {
  return {
    PATH: [dirname(nodePath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: join(directory, '.home'),
    TMPDIR: join(directory, '.tmp'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NODE_COMPILE_CACHE: join(directory, '.cache', 'node'),
  };
}

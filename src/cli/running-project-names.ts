import type { Shell } from './shell.ts';

/** The names of the projects, when the database runs: to complete a word is no reason to start one. */
export async function runningProjectNames(shell: Shell): Promise<readonly string[]> {
  try {
    const [{ loadConfig }, { isRunning }] = await Promise.all([
      import('../config/config.ts'),
      import('../wiring/wiring.ts'),
    ]);
    const config = loadConfig(shell.environment);
    if (!(await isRunning(config))) return [];
    const backend = await shell.open(config, { work: false });
    try {
      return await backend.projectNames();
    } finally {
      await backend.close();
    }
  } catch {
    // Nobody could read a complaint in the middle of the line that is being typed.
    return [];
  }
}

import type { FlyApi } from './fly-api.ts';

/**
 * Puts an app's secrets back to what they were, as far as that could be read: those that were not there go, those whose
 * value the token could see get it again. Resolves to the version that has them.
 */
export async function restoreSecrets(
  api: FlyApi,
  app: string,
  before: ReadonlyMap<string, string | undefined>,
  now: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  for (const name of Object.keys(now)) if (!before.has(name)) await api.deleteSecret(app, name);
  const values = [...before].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const changed = values.filter(([name, value]) => now[name] !== value);
  return changed.length === 0 ? undefined : api.setSecrets(app, Object.fromEntries(changed));
}

import { Redactor } from '../domain/redactor.ts';
import { Secret } from '../domain/secret.ts';
import type { Release } from './deployment-state.ts';

export function revealAll(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
}

/** Where the database is stays readable: a log without it tells nobody what went wrong. */
export function redactorFor(release: Release | undefined): Redactor {
  const redactor = new Redactor();
  for (const [name, value] of Object.entries(release?.environment ?? {})) {
    if (!/_(?:HOST|PORT)$/.test(name)) redactor.add(new Secret(value));
  }
  return redactor;
}

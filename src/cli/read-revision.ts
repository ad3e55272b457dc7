import { TurboError } from '../domain/errors.ts';

/** The number of a revision, where one was given. `what` names the option or the argument. */
export function readRevision(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new TurboError('USAGE', `${what} takes the number of a revision, not "${text}"`, {
    fix: '`turbobackend history <project>` lists them.',
  });
}

import { TurboError } from '../domain/errors.ts';
import { nearestName } from '../domain/nearest-name.ts';
import type { CommandContext } from './command-context.ts';

const MOST_WORDS = 3;
/** With one of these, few words are a description all the same. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['a', 'an', 'and', 'for', 'of', 'or', 'that', 'where', 'with']);

/**
 * Rejects (`USAGE`) a few bare words that name a project of the user's, or only just miss its name: they were to do
 * something with it, and no command was named that could.
 */
export async function refuseProjectName({ backend }: CommandContext, prompt: string): Promise<void> {
  const words = prompt.toLowerCase().split(/\s+/);
  if (words.length > MOST_WORDS || words.some((word) => DESCRIPTIVE.has(word))) return;
  const names = await backend.projectNames();
  const project = words.length === 1 ? nearestName(prompt, names) : names.find((name) => words.includes(name));
  if (project === undefined) return;
  throw new TurboError('USAGE', `"${prompt}" names your project ${project}, but no command. Nothing was made`, {
    fix: `Type turbobackend show ${project}, or another command. ${asPrompt(prompt, project)}`,
  });
}

/** A project's name alone is no prompt, by whatever command. */
function asPrompt(prompt: string, project: string): string {
  if (prompt.toLowerCase() === project) return 'For another backend, say what it is for: "a REST API for …".';
  return `If it is a prompt: turbobackend create "${prompt}".`;
}

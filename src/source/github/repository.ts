import { z } from 'zod';
import { PROJECT_MARK } from '../../cloud/external-name.ts';
import { ProviderError } from '../../cloud/provider-error.ts';
import type { ProjectId } from '../../domain/ids.ts';

const LONGEST_NAME = 100;
const MARK = new RegExp(`(?<![\\w.])${PROJECT_MARK.replaceAll('.', '\\.')}=([\\w-]+)`);

const schema = z
  .object({
    name: z.string(),
    full_name: z.string().regex(/^[^/]+\/[^/]+$/),
    description: z.string().nullish(),
    html_url: z.url({ protocol: /^https?$/ }).optional(),
    clone_url: z.url({ protocol: /^https?$/ }).optional(),
    archived: z.boolean().optional(),
  })
  .transform((repository) => ({
    name: repository.name,
    /** `octocat/tb-…` */
    fullName: repository.full_name,
    description: repository.description ?? '',
    pageUrl: repository.html_url,
    cloneUrl: repository.clone_url,
    isArchived: repository.archived ?? false,
  }));

/** As GitHub tells of it. */
export type Repository = z.output<typeof schema>;

export function readRepository(data: unknown): Repository {
  return read(schema, data);
}

export function readRepositories(data: unknown): readonly Repository[] {
  return read(z.array(schema), data);
}

function read<T>(shape: z.ZodType<T>, data: unknown): T {
  const { success, data: value, error } = shape.safeParse(data);
  if (success) return value;
  const where = error.issues[0]?.path.join('.') ?? '';
  const message = `GitHub answered with something that is no repository (${where})`;
  throw new ProviderError(message, { provider: 'GitHub', mayBeDone: true });
}

/** For people, and with the mark by which the repository is known as the project's. */
export function describeRepository(projectName: string, projectId: ProjectId): string {
  // GitHub takes no control characters.
  const name = projectName.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, LONGEST_NAME);
  return `${name} · made with TurboBackend · ${PROJECT_MARK}=${projectId}`;
}

/** Whose project it says it is; undefined when its description says nothing of that. */
export function markOf({ description }: Repository): string | undefined {
  return MARK.exec(description)?.[1];
}

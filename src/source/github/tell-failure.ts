import { type FailureWords, ProviderError, tellProviderFailure } from '../../cloud/provider-error.ts';
import { type FailureCode, TurboError } from '../../domain/errors.ts';
import { RATE_LIMITED } from './api-error.ts';

const WORDS = {
  code: 'PUBLISH_FAILED',
  phase: 'publish',
  keyVariable: 'GITHUB_TOKEN',
  urlVariable: 'GITHUB_API_URL',
} as const satisfies Partial<FailureWords>;

const RIGHTS =
  'Give GITHUB_TOKEN the rights it needs. Fine-grained: Administration and Contents (read and write), Metadata (read); ' +
  'classic: the scopes `repo` and `delete_repo`. An organisation may have to approve it first.';

const LATER = 'GitHub limits how much is asked of it with one token: run it again after that time.';

const ADDRESS = 'Check GITHUB_API_URL: it must be the address of the API itself, https and without a detour.';

/** The error that leaves the room: `doing` as in «Could not {doing}». */
export function tellGitHubFailure(error: unknown, doing: string): TurboError {
  const { code, fix } = error instanceof ProviderError ? ownWords(error) : {};
  if (code === undefined) return tellProviderFailure(error, { ...WORDS, doing });
  const message = `Could not ${doing}: ${(error as ProviderError).message}`;
  return new TurboError(code, message, { cause: error, phase: 'publish', fix });
}

/** Where there is more to say than of any provider. */
function ownWords({ status = 0, code }: ProviderError): { readonly code?: FailureCode; readonly fix?: string } {
  if (code === RATE_LIMITED) return { code: 'PROVIDER_REFUSED', fix: LATER };
  if (status === 403) return { code: 'PROVIDER_REFUSED', fix: RIGHTS };
  // What a token may not see, GitHub says is not there; and so does whoever is no GitHub.
  if (status === 404) return { code: 'PROVIDER_REFUSED', fix: `${RIGHTS} And check GITHUB_API_URL.` };
  if (status >= 300 && status < 400) return { code: 'PUBLISH_FAILED', fix: ADDRESS };
  return {};
}

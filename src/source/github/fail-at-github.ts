import { explainProvider, ProviderError } from '../../cloud/provider-error.ts';
import { failAs, type Explanation } from '../../domain/fail-as.ts';
import { RATE_LIMITED } from './api-error.ts';

const VARIABLES = { keyVariable: 'GITHUB_TOKEN', urlVariable: 'GITHUB_API_URL' };

const RIGHTS =
  'Give GITHUB_TOKEN the rights it needs. Fine-grained: Administration and Contents (read and write), Metadata (read); ' +
  'classic: the scopes `repo` and `delete_repo`. An organisation may have to approve it first.';

const LATER = 'GitHub limits how much is asked of it with one token: run it again after that time.';

const ADDRESS = 'Check GITHUB_API_URL: it must be the address of the API itself, https and without a detour.';

/** `failAs` for all that is asked of GitHub. */
export function failAtGitHub<T>(doing: string, work: () => Promise<T>): Promise<T> {
  return failAs({ code: 'PUBLISH_FAILED', phase: 'publish', doing, explain }, work);
}

function explain(cause: unknown): Explanation | undefined {
  return (cause instanceof ProviderError ? explainBetter(cause) : undefined) ?? explainProvider(cause, VARIABLES);
}

/** Where there is more to say than of any provider. */
function explainBetter({ status = 0, code }: ProviderError): Explanation | undefined {
  if (code === RATE_LIMITED) return { code: 'PROVIDER_REFUSED', fix: LATER };
  if (status === 403) return { code: 'PROVIDER_REFUSED', fix: RIGHTS };
  // What a token may not see, GitHub says is not there; and so does whoever is no GitHub.
  if (status === 404) return { code: 'PROVIDER_REFUSED', fix: `${RIGHTS} And check GITHUB_API_URL.` };
  if (status >= 300 && status < 400) return { code: 'PUBLISH_FAILED', fix: ADDRESS };
  return undefined;
}

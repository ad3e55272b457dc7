import { explainProvider } from '../../cloud/provider-error.ts';
import { failAs, type Explanation } from '../../domain/fail-as.ts';

/** `failAs` for all that is asked of Daytona. `doing`: `open the sandbox of …`. */
export function failAtDaytona<T>(doing: string, work: () => Promise<T>): Promise<T> {
  return failAs({ code: 'SANDBOX_UNAVAILABLE', phase: 'sandbox', doing, explain }, work);
}

function explain(cause: unknown): Explanation | undefined {
  return explainProvider(cause, { keyVariable: 'DAYTONA_API_KEY', urlVariable: 'DAYTONA_API_URL' });
}

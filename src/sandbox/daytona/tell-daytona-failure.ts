import { tellProviderFailure } from '../../cloud/provider-error.ts';

/** Does it, and tells a failure as the port's callers are to hear it. `doing`: `open the sandbox of …`. */
export async function orTell<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw tellProviderFailure(error, {
      code: 'SANDBOX_UNAVAILABLE',
      phase: 'sandbox',
      doing,
      keyVariable: 'DAYTONA_API_KEY',
      urlVariable: 'DAYTONA_API_URL',
    });
  }
}

import { explainProvider, ProviderError } from '../../cloud/provider-error.ts';
import { TurboError } from '../../domain/errors.ts';
import type { Explanation } from '../../domain/fail-as.ts';

/** What Fly.io's answers mean for `failAs`, with what to set when it is a setting that is wrong. */
export function explainFly(cause: unknown, region: string): Explanation | undefined {
  if (isWithoutRoom(cause)) {
    return {
      code: 'PROVIDER_REFUSED',
      reason: `Fly.io has no room in the region ${region} now`,
      fix: 'Set FLY_REGION to another region, or run it again later.',
    };
  }
  return explainProvider(cause, { keyVariable: 'FLY_API_TOKEN', urlVariable: 'FLY_API_URL' });
}

/** For calls that name the organization alone: what is not found then is that. */
export function unknownOrganization(org: string, cause?: unknown): TurboError {
  return new TurboError('PROVIDER_REFUSED', `Fly.io knows no organization ${org}, or the token does not`, {
    cause,
    phase: 'deploy',
    fix: 'Set FLY_ORG to the organization that the token in FLY_API_TOKEN is for.',
  });
}

function isWithoutRoom(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.code === 'insufficient_capacity' || /insufficient[ _](?:resources|capacity)/i.test(error.message);
}

import { Secret } from '../../domain/secret.ts';

/** A token as it can be given: `fm2_…`, several of them with commas between, with the scheme before it or without. */
export interface FlyToken {
  /** For the Machines API. */
  readonly authorization: Secret;
  /** The registry's password; its user may be anything. */
  readonly password: Secret;
}

/** Macaroons have a scheme of their own. Where there are some, the older tokens beside them are for other services. */
export function readFlyToken(token: Secret): FlyToken {
  const tokens = withoutScheme(token.reveal())
    .split(',')
    .map((part) => part.trim());
  const macaroons = tokens.filter((part) => /^fm(?:1r|2)_/.test(part));
  const password = (macaroons.length > 0 ? macaroons : tokens).join(',');
  const scheme = macaroons.length > 0 ? 'FlyV1' : 'Bearer';
  return { authorization: new Secret(`${scheme} ${password}`), password: new Secret(password) };
}

function withoutScheme(text: string): string {
  return text.trim().replace(/^(?:(?:Bearer|FlyV1)\s+)+/i, '');
}

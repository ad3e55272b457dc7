import { TurboError } from '../../domain/errors.ts';
import { isLoopback, isLoopbackUrl } from '../../domain/loopback.ts';

/** Where an image is, as its one line says it: `docker.io/library/node:24-slim`. */
export interface ImageReference {
  /** `https://registry-1.docker.io`; plain HTTP for a registry on this machine alone. */
  readonly registryUrl: string;
  /** What people call the registry: `docker.io`. */
  readonly host: string;
  readonly repository: string;
  /** A tag, or the manifest's digest. */
  readonly version: string;
}

const REFERENCE =
  /^(?<host>(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d+)?)\/(?<path>[\w.-]+(?:\/[\w.-]+)*)(?::(?<tag>[\w][\w.-]*))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** A digest wins over a tag beside it; without either it is `latest`. Throws `DEPLOY_FAILED` for what names no host. */
export function parseImageReference(text: string): ImageReference {
  const { host, path, tag, digest } = REFERENCE.exec(text)?.groups ?? {};
  if (host === undefined || path === undefined) {
    throw new TurboError('DEPLOY_FAILED', `${JSON.stringify(text)} is not the name of an image`, {
      phase: 'deploy',
      fix: 'Set FLY_BASE_IMAGE to host, repository and tag, such as docker.io/library/node:24-slim.',
    });
  }
  const onHub = host === 'docker.io';
  return {
    registryUrl: onHub ? 'https://registry-1.docker.io' : addressOf(host),
    host,
    repository: onHub && !path.includes('/') ? `library/${path}` : path,
    version: digest ?? tag ?? 'latest',
  };
}

/** Whether a key, or an image, may be sent there: encrypted, or not leaving this machine. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function addressOf(host: string): string {
  return isLoopbackUrl(`http://${host}`) ? `http://${host}` : `https://${host}`;
}

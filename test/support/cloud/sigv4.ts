import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MS = 15 * 60_000;
const HEADER = new RegExp(
  `^${ALGORITHM} Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$`,
);

/**
 * What is wrong with the request's signature, in S3's word for it; undefined when nothing is. As «Signature Version 4»
 * says: the hash of the request, as it arrived, signed with a key that is derived from the secret, day and region.
 */
export function signatureFault(request: SignedRequest, key: SigningKey): string | undefined {
  const { headers } = request;
  const [, keyId, day, region, signedHeaders = '', signature = ''] = HEADER.exec(headers.authorization ?? '') ?? [];
  if (keyId === undefined || day === undefined) return 'AccessDenied';
  if (keyId !== key.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== key.region) return 'AuthorizationHeaderMalformed';
  if (headers['x-amz-security-token'] !== key.sessionToken) return 'InvalidToken';
  const time = String(headers['x-amz-date']);
  if (!time.startsWith(day) || Math.abs(timeOf(time) - Date.now()) > SKEW_MS) return 'RequestTimeTooSkewed';
  const hash = String(headers['x-amz-content-sha256']);
  if (/^[0-9a-f]{64}$/.test(hash) && hash !== sha256(request.body)) return 'XAmzContentSHA256Mismatch';
  const names = signedHeaders.split(';');
  if (!names.includes('host') || unsigned(headers, names)) return 'AccessDenied';
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = [ALGORITHM, time, scope, sha256(canonicalRequest(request, names, hash))].join('\n');
  const expected = hmac(signingKey(key.secretAccessKey, day, region), text);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}

function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Every header of S3's own has to be signed. */
function unsigned(headers: IncomingHttpHeaders, names: readonly string[]): boolean {
  return Object.keys(headers).some((name) => name.startsWith('x-amz-') && !names.includes(name));
}

function canonicalRequest({ method, target, headers }: SignedRequest, names: readonly string[], hash: string): string {
  const { pathname, searchParams } = new URL(target, 'http://host');
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const lines = names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}\n`).join('');
  return [method, pathname, query, lines, names.join(';'), hash].join('\n');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signingKey(secret: string, ...scope: readonly string[]): Buffer {
  return [...scope, 's3', 'aws4_request'].reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A key and the certificate for it, PEM. */
interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** An authority of a test's own, known to nobody. */
export interface Authority {
  readonly certificate: string;
  /** For a server of these names. */
  issue(...names: readonly string[]): Certificate;
}

// The object identifiers that are needed, as they are encoded.
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const SUBJECT_ALT_NAME = '551d11';

const DAY_MS = 86_400_000;

/** Makes one. Certificates are written out here, as X.509 (RFC 5280) has them, since Node can only read them. */
export function makeAuthority(name: string): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = [
    extension(BASIC_CONSTRAINTS, sequence(tagged(0x01, Buffer.from([0xff])))),
    // keyCertSign
    extension(KEY_USAGE, tagged(0x03, Buffer.from([2, 0x04]))),
  ];
  return {
    certificate: certify({ issuer: name, issuerKey: privateKey, subject: name, publicKey, extensions: isAuthority }),
    issue(...names) {
      const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const alternatives = names.map((dnsName) => tagged(0x82, Buffer.from(dnsName)));
      const certificate = certify({
        issuer: name,
        issuerKey: privateKey,
        subject: names[0] ?? '',
        publicKey: server.publicKey,
        extensions: [extension(SUBJECT_ALT_NAME, sequence(...alternatives))],
      });
      return { key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
    },
  };
}

interface Certified {
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certify({ issuer, issuerKey, subject, publicKey, extensions }: Certified): string {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const content = sequence(
    // Version 3.
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    // Positive, whatever the random bytes are.
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuerKey);
  const der = sequence(content, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines.trim()}\n-----END CERTIFICATE-----\n`;
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(identifier(COMMON_NAME), tagged(0x0c, Buffer.from(commonName)))));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(identifier(oid), tagged(0x04, value));
}

function identifier(oid: string): Buffer {
  return tagged(0x06, Buffer.from(oid, 'hex'));
}

function time(atMs: number): Buffer {
  const text = new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tagged(0x17, Buffer.from(text.slice(2)));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** As the Distinguished Encoding Rules have it: what it is, how long, and the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

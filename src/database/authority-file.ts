import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TurboError } from '../domain/errors.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

// It becomes a variable of the backend's; no system takes one above 128 KB.
const MOST_CHARACTERS = 60_000;

/**
 * The certificates in a PEM file, without the words that some tools put between them. Rejects with `CONFIG_INVALID`,
 * naming DB_CLUSTER_CA_FILE, when the file cannot be read or holds none.
 */
export async function readAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw refused(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  });
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw refused(path, 'holds no certificate');
  const certificates = blocks.map((block) => normalised(path, block)).join('\n');
  if (certificates.length <= MOST_CHARACTERS) return certificates;
  throw refused(path, `holds ${blocks.length} certificates, more than fit into a variable`, {
    fix: "Leave in it what this server needs: at Amazon RDS that is its region's bundle instead of the global one.",
  });
}

function normalised(path: string, block: string): string {
  try {
    return new X509Certificate(block).toString().trim();
  } catch (cause) {
    throw refused(path, 'holds a certificate that is damaged', { cause });
  }
}

function refused(
  path: string,
  why: string,
  {
    fix = "Set it to a PEM file with the certificate of the server's authority.",
    cause,
  }: { fix?: string; cause?: unknown } = {},
): TurboError {
  return new TurboError('CONFIG_INVALID', `DB_CLUSTER_CA_FILE names ${path}, which ${why}`, { cause, fix });
}

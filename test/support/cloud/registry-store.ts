import { createHash, randomUUID } from 'node:crypto';

export interface RegistryRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface RegistryAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | object;
}

interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface StoredRepository {
  readonly blobs: Set<string>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
}

interface Upload {
  readonly repository: string;
  readonly chunks: Buffer[];
  /** Handed out anew with every answer; one that is not the last is refused. */
  state: string;
}

const ROUTE =
  /^\/v2\/(?<name>.+?)\/(?:(?<kind>manifests|blobs)\/(?<reference>[^/]+)|blobs\/uploads\/(?<upload>[^/]*))$/;

/** What a registry keeps, and how it answers for it: the Docker Registry's HTTP API, version 2. */
export class RegistryStore {
  readonly blobs = new Map<string, Buffer>();
  readonly repositories = new Map<string, StoredRepository>();
  readonly #uploads = new Map<string, Upload>();

  repository(name: string): StoredRepository {
    const found = this.repositories.get(name) ?? { blobs: new Set(), manifests: new Map(), tags: new Map() };
    this.repositories.set(name, found);
    return found;
  }

  addBlob(repository: string, bytes: Buffer): string {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    this.repository(repository).blobs.add(digest);
    return digest;
  }

  answer(request: RegistryRequest): RegistryAnswer {
    const { name, kind, reference = '', upload } = ROUTE.exec(request.path)?.groups ?? {};
    if (name === undefined) return problem(404, 'NAME_INVALID');
    if (kind === 'manifests') return this.#answerForManifest(request, name, reference);
    if (kind === 'blobs') return this.#answerForBlob(request, name, reference);
    if (request.method === 'POST') return this.#startUpload(request, name);
    return this.#goOnWithUpload(request, name, upload ?? '');
  }

  #answerForBlob({ method }: RegistryRequest, name: string, digest: string): RegistryAnswer {
    const bytes = this.repositories.get(name)?.blobs.has(digest) ? this.blobs.get(digest) : undefined;
    if (!bytes) return problem(404, 'BLOB_UNKNOWN');
    if (method === 'DELETE') {
      this.repository(name).blobs.delete(digest);
      return { status: 202 };
    }
    if (method !== 'GET' && method !== 'HEAD') return problem(405, 'UNSUPPORTED');
    const type = 'application/octet-stream';
    return { status: 200, headers: { 'content-type': type, 'docker-content-digest': digest }, body: bytes };
  }

  #startUpload({ query, body }: RegistryRequest, name: string): RegistryAnswer {
    const mount = query.get('mount');
    const from = query.get('from');
    if (mount !== null && from !== null && this.repositories.get(from)?.blobs.has(mount)) {
      this.repository(name).blobs.add(mount);
      return created(name, mount);
    }
    const upload: Upload = { repository: name, chunks: [body], state: '' };
    const digest = query.get('digest');
    if (digest !== null) return this.#finishUpload(upload, digest);
    const id = randomUUID();
    this.#uploads.set(id, upload);
    return accepted(id, upload);
  }

  #goOnWithUpload({ method, query, body }: RegistryRequest, name: string, id: string): RegistryAnswer {
    const upload = this.#uploads.get(id);
    if (!upload || upload.repository !== name) return problem(404, 'BLOB_UPLOAD_UNKNOWN');
    if (query.get('_state') !== upload.state) return problem(400, 'BLOB_UPLOAD_INVALID');
    if (method === 'GET') return { ...accepted(id, upload), status: 204 };
    if (method === 'PATCH') {
      upload.chunks.push(body);
      return accepted(id, upload);
    }
    this.#uploads.delete(id);
    if (method === 'DELETE') return { status: 204 };
    if (method !== 'PUT') return problem(405, 'UNSUPPORTED');
    upload.chunks.push(body);
    return this.#finishUpload(upload, query.get('digest') ?? '');
  }

  #finishUpload({ repository, chunks }: Upload, digest: string): RegistryAnswer {
    const bytes = Buffer.concat(chunks);
    if (digestOf(bytes) !== digest) return problem(400, 'DIGEST_INVALID');
    this.addBlob(repository, bytes);
    return created(repository, digest);
  }

  #answerForManifest(request: RegistryRequest, name: string, reference: string): RegistryAnswer {
    if (request.method === 'PUT') return this.#putManifest(request, name, reference);
    const found = this.repositories.get(name);
    const digest = found?.tags.get(reference) ?? reference;
    const manifest = found?.manifests.get(digest);
    if (!found || !manifest) return problem(404, 'MANIFEST_UNKNOWN');
    if (request.method === 'DELETE') {
      found.manifests.delete(digest);
      return { status: 202 };
    }
    const { mediaType, bytes } = manifest;
    const accept = request.headers['accept'] ?? '*/*';
    if (!accept.includes(mediaType) && !accept.includes('*/*')) return problem(404, 'MANIFEST_UNKNOWN');
    return { status: 200, headers: { 'content-type': mediaType, 'docker-content-digest': digest }, body: bytes };
  }

  #putManifest({ headers, body }: RegistryRequest, name: string, reference: string): RegistryAnswer {
    const digest = digestOf(body);
    if (reference.startsWith('sha256:') && reference !== digest) return problem(400, 'DIGEST_INVALID');
    const complaint = this.#complaintAbout(name, body);
    if (complaint !== undefined) return problem(400, complaint);
    const repository = this.repository(name);
    const mediaType = headers['content-type'] ?? '';
    repository.manifests.set(digest, { mediaType, bytes: body });
    if (reference !== digest) repository.tags.set(reference, digest);
    const location = `/v2/${name}/manifests/${digest}`;
    return { status: 201, headers: { location, 'docker-content-digest': digest } };
  }

  /** A manifest may name only what is in its repository, and as large as it is. */
  #complaintAbout(name: string, bytes: Buffer): string | undefined {
    const repository = this.repository(name);
    const manifest = parseManifest(bytes);
    if (!manifest) return 'MANIFEST_INVALID';
    const { manifests, config, layers = [] } = manifest;
    if (manifests)
      return manifests.every((one) => repository.manifests.has(one.digest)) ? undefined : 'MANIFEST_UNKNOWN';
    if (!config) return 'MANIFEST_INVALID';
    const isThere = ({ digest, size }: Blob): boolean =>
      repository.blobs.has(digest) && this.blobs.get(digest)?.length === size;
    return [config, ...layers].every(isThere) ? undefined : 'MANIFEST_BLOB_UNKNOWN';
  }
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly manifests?: readonly Blob[];
  readonly config?: Blob;
  readonly layers?: readonly Blob[];
}

function parseManifest(bytes: Buffer): Manifest | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function created(name: string, digest: string): RegistryAnswer {
  return { status: 201, headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest } };
}

function accepted(id: string, upload: Upload): RegistryAnswer {
  upload.state = `${randomUUID()}==`;
  const received = upload.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const location = `/v2/${upload.repository}/blobs/uploads/${id}?_state=${encodeURIComponent(upload.state)}`;
  return { status: 202, headers: { location, range: `0-${Math.max(0, received - 1)}`, 'docker-upload-uuid': id } };
}

export function problem(status: number, code: string, headers: Readonly<Record<string, string>> = {}): RegistryAnswer {
  const message = code.toLowerCase().replaceAll('_', ' ');
  return { status, headers, body: { errors: [{ code, message, detail: undefined }] } };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

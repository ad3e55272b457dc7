import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OpenAPIBackend, type Document, type Request } from 'openapi-backend';

interface DescribedRequest {
  readonly method: string;
  /** Behind the description's base, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed when it is JSON; undefined leaves the body unjudged. */
  readonly body: unknown;
}

/** What a vendor says its API takes. Holds the requests of a test to it. */
export interface VendorDescription {
  readonly violations: readonly string[];
  checkRequest(request: DescribedRequest): void;
  checkResponse(request: Pick<DescribedRequest, 'method' | 'path'>, status: number, body: unknown): void;
}

/** Undefined when TURBOBACKEND_VENDOR_SPECS does not name a folder that has the file. OpenAPI 3, or Swagger 2.0. */
export async function openDescription(file: string): Promise<VendorDescription | undefined> {
  const folder = process.env['TURBOBACKEND_VENDOR_SPECS'];
  if (folder === undefined || folder === '') return undefined;
  const definition = await toOpenApi(JSON.parse(await readFile(join(folder, file), 'utf8')) as object);
  const api = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, logger: false } });
  await api.init();
  return new CheckedDescription(api);
}

async function toOpenApi(definition: object): Promise<Document> {
  if (!('swagger' in definition)) return definition as Document;
  const converter = createRequire(import.meta.url)('swagger2openapi') as {
    convertObj(definition: object, options: object): Promise<{ readonly openapi: Document }>;
  };
  return (await converter.convertObj(definition, { patch: true, warnOnly: true })).openapi;
}

class CheckedDescription implements VendorDescription {
  readonly violations: string[] = [];
  readonly #api: OpenAPIBackend;

  constructor(api: OpenAPIBackend) {
    this.#api = api;
  }

  checkRequest(request: DescribedRequest): void {
    const asked = toRequest(request);
    const { method, path } = request;
    const operation = this.#api.matchOperation(asked);
    if (!operation) this.violations.push(`${method} ${path}: there is no such operation`);
    else if (request.body !== undefined || !takesNoJson(operation.requestBody)) {
      const { valid, errors } = this.#api.validateRequest(asked);
      if (!valid) this.violations.push(`${method} ${path}: ${JSON.stringify(errors?.slice(0, 3))}`);
    }
  }

  checkResponse(request: Pick<DescribedRequest, 'method' | 'path'>, status: number, body: unknown): void {
    const { method, path } = request;
    const operation = this.#api.matchOperation(toRequest({ method, path, query: {}, headers: {}, body: undefined }));
    if (!operation) return;
    const { valid, errors } = this.#api.validateResponse(body, operation, status);
    if (!valid) this.violations.push(`${method} ${path} → ${status}: ${JSON.stringify(errors?.slice(0, 3))}`);
  }
}

function toRequest({ method, path, query, headers, body }: DescribedRequest): Request {
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { method: method.toLowerCase(), path, query: { ...query }, headers: Object.fromEntries(sent), body };
}

/** A body of another kind, or one that the test does not hand over, has nothing that a JSON schema could judge. */
function takesNoJson(body: unknown): boolean {
  return (
    body !== undefined && !Object.hasOwn((body as { readonly content?: object }).content ?? {}, 'application/json')
  );
}

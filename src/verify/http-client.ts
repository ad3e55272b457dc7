import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { addressOf } from '../domain/loopback.ts';

export interface HttpRequest {
  readonly method: string;
  /** With the query, percent-encoded; sent as it stands, so that `..` and odd escapes reach the server. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly request: HttpRequest;
  /** 0 when no answer came; `text` then says why. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined when the body is no JSON. */
  readonly json: unknown;
}

const ANSWER_TIMEOUT_MS = 15_000;
/** Characters of a body that are sent before waiting for an early refusal. */
const LARGE = 65_536;
/** Long enough for a refusal from another continent. */
const HELD_BACK_MS = 2000;

/** Sends requests byte for byte as given, on kept connections. An answer that does not come is one with status 0. */
export class HttpClient {
  readonly #url: URL;
  readonly #agent: HttpAgent;

  constructor(url: string) {
    this.#url = new URL(url);
    const Agent = this.#url.protocol === 'https:' ? HttpsAgent : HttpAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 16 });
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    try {
      return await this.#exchange(request, signal);
    } catch (cause) {
      signal.throwIfAborted();
      return { request, status: 0, headers: {}, text: `no answer: ${codeOf(cause)}`, json: undefined };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const outgoing = this.#open(request, signal);
    const answered = Promise.withResolvers<IncomingMessage>();
    outgoing.on('response', answered.resolve);
    // Also what comes after an early answer, when a server closes a connection on which we still write: too late to matter.
    outgoing.on('error', answered.reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`none within ${ANSWER_TIMEOUT_MS} ms`)));
    void writeBody(outgoing, request.body ?? '', answered.promise);
    try {
      const message = await answered.promise;
      const body = await text(message);
      return { request, status: message.statusCode ?? 0, headers: message.headers, text: body, json: parse(body) };
    } catch (cause) {
      // A server may close a kept connection in the very moment in which it is used again.
      if (outgoing.reusedSocket && codeOf(cause) === 'ECONNRESET') return this.#exchange(request, signal);
      throw cause;
    } finally {
      if (!outgoing.writableFinished) outgoing.destroy();
    }
  }

  #open(request: HttpRequest, signal: AbortSignal): ClientRequest {
    const { protocol, host, hostname, port, pathname } = this.#url;
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const length = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
    return open({
      protocol,
      hostname: addressOf(hostname),
      port,
      agent: this.#agent,
      method: request.method,
      // A backend may stand below a path of its own.
      path: pathname.replace(/\/$/, '') + request.path,
      headers: { host, ...length, ...request.headers },
      timeout: ANSWER_TIMEOUT_MS,
      signal,
    });
  }
}

/** A large body is begun and then held back for a while: a server that refuses its size answers after the headers. */
async function writeBody(outgoing: ClientRequest, body: string, answered: Promise<unknown>): Promise<void> {
  if (body.length > LARGE) {
    outgoing.write(body.slice(0, LARGE));
    await Promise.race([answered, setTimeout(HELD_BACK_MS, undefined, { ref: false })]).catch(() => undefined);
    if (!outgoing.destroyed) outgoing.end(body.slice(LARGE));
  } else {
    outgoing.end(body);
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
}

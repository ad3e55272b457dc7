import { PassThrough, type Readable, type Writable } from 'node:stream';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

/** A stream that stays open for as long as its client wants it: no answer ever ends it. */
const ENDLESS = 'subscriptions/listen';

const NOBODY_ANSWERS = { code: -32_000, message: 'The input has ended: nobody can answer any more' };

/**
 * Standard input and output as a transport on which every call that was taken is answered. The SDK's own drops what is
 * under way when the input ends, as it does at once where a program pipes its calls in.
 */
export class AnsweringTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #source: Readable;
  /** Goes on when the source has ended, so that the SDK does not hear of that. */
  readonly #input = new PassThrough();
  readonly #wire: StdioServerTransport;
  /** The client's calls that have no answer yet. */
  readonly #calls = new Set<RequestId>();
  /** Our questions that the client has not answered. */
  readonly #questions = new Set<RequestId>();
  readonly #answered = Promise.withResolvers<void>();
  #hasEnded = false;
  /** Whether all that came before the end was taken. */
  #isDrained = false;

  constructor(source: Readable, output: Writable) {
    this.#source = source;
    this.#wire = new StdioServerTransport(this.#input, output);
  }

  /** Resolves when the input has ended and all that came by it is answered, or when nobody reads the answers. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  async start(): Promise<void> {
    // oxlint-disable unicorn/prefer-add-event-listener -- it is no event target
    this.#wire.onmessage = (message) => this.#take(message);
    this.#wire.onerror = (error) => this.onerror?.(error);
    this.#wire.onclose = () => {
      this.#answered.resolve();
      this.onclose?.();
    };
    // oxlint-enable unicorn/prefer-add-event-listener
    await this.#wire.start();
    this.#pass();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (isJSONRPCRequest(message)) this.#questions.add(message.id);
    await this.#wire.send(message);
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#settle(message.id);
    if (this.#isDrained) this.#refuseQuestions();
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  #pass(): void {
    let last = '\n';
    this.#source.on('data', (chunk: Buffer) => {
      last = String.fromCharCode(chunk.at(-1) ?? 0);
      this.#input.write(chunk);
    });
    const end = (): void => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      // A message is taken with the end of its line, which the last one may lack.
      this.#input.write(last === '\n' ? '' : '\n', () => setImmediate(() => this.#endInput()));
    };
    for (const event of ['end', 'close', 'error']) this.#source.once(event, end);
    if (this.#source.readableEnded || this.#source.destroyed) end();
  }

  #take(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      if (message.method !== ENDLESS) this.#calls.add(message.id);
    } else if (isJSONRPCNotification(message)) {
      if (message.method === 'notifications/cancelled') this.#settle(message.params?.['requestId'] as RequestId);
    } else if (message.id !== undefined) {
      this.#questions.delete(message.id);
    }
    this.onmessage?.(message);
  }

  #endInput(): void {
    this.#isDrained = true;
    this.#refuseQuestions();
    this.#settle(undefined);
  }

  #refuseQuestions(): void {
    for (const id of this.#questions) {
      this.#questions.delete(id);
      this.onmessage?.({ jsonrpc: '2.0', id, error: NOBODY_ANSWERS });
    }
  }

  #settle(id: RequestId | undefined): void {
    if (id !== undefined) this.#calls.delete(id);
    if (this.#isDrained && this.#calls.size === 0) this.#answered.resolve();
  }
}

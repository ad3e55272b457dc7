import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/**
 * One kept connection that asks a question at a time. It reads no more of an answer than its status and its length, so
 * that the one who asks costs little beside the one who is asked.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<number> | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('The server closed the connection')));
  }

  /** Sends the bytes of one request; resolves to the status of its answer once all of that has come. */
  ask(request: Buffer): Promise<number> {
    this.#waiting = Promise.withResolvers<number>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.#received.toString('latin1', 0, headLength);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`An answer does not tell its length: ${head}`));
    } else if (this.#received.length >= headLength + HEAD_END.length + Number(length)) {
      this.#received = Buffer.alloc(0);
      this.#waiting?.resolve(Number(head.slice(9, 12)));
    }
  }
}

/** The bytes of a request for a kept connection. */
export function requestBytes(method: string, path: string, body: unknown): Buffer {
  const content = body === undefined ? '' : JSON.stringify(body);
  const about =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`];
  return Buffer.from([`${method} ${path} HTTP/1.1`, 'Host: localhost', ...about, '', content].join('\r\n'));
}

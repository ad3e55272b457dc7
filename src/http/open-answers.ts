import type { FastifyReply } from 'fastify';

/** The answers that are being given, so that those which take long can be ended when the door closes. */
export class OpenAnswers {
  readonly #closing = new AbortController();

  get closing(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Aborts when the caller has gone, or the door closes. */
  signalOf({ raw }: FastifyReply): AbortSignal {
    const gone = new AbortController();
    const leave = (): void => {
      if (!raw.writableFinished) gone.abort();
    };
    raw.once('close', leave);
    // It may have gone while we found out who it is.
    if (raw.closed || raw.socket?.destroyed) leave();
    return AbortSignal.any([gone.signal, this.#closing.signal]);
  }

  close(): void {
    this.#closing.abort();
  }
}

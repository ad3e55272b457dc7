import { openPreviewRelay, type Preview, type PreviewRelay } from './preview-relay.ts';

/** The ports of one machine that are reached from here, each by a port of this machine for as long as it is of use. */
export class PreviewRelays {
  readonly #preview: (port: number) => Promise<Preview>;
  readonly #relays = new Map<number, Promise<PreviewRelay>>();

  constructor(preview: (port: number) => Promise<Preview>) {
    this.#preview = preview;
  }

  /** Without a trailing slash. The token is asked for anew, as it changes when the machine starts anew. */
  async urlOf(port: number): Promise<string> {
    const preview = await this.#preview(port);
    const relay = this.#relays.get(port) ?? openPreviewRelay(preview);
    this.#relays.set(port, relay);
    const opened = await relay;
    opened.aim(preview);
    return opened.url;
  }

  async closePort(port: number): Promise<void> {
    const relay = this.#relays.get(port);
    this.#relays.delete(port);
    await (await relay)?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#relays.keys()].map((port) => this.closePort(port)));
  }
}

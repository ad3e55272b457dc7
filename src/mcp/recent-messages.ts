import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

interface KeptMessage {
  readonly streamId: string;
  readonly message: JSONRPCMessage;
}

/** How many messages a session keeps for a client that comes back after its connection was lost. */
const MOST_MESSAGES = 500;

/** The last messages of one session, so that a stream that was cut goes on where it ended. */
export class RecentMessages implements EventStore {
  readonly #messages = new Map<number, KeptMessage>();
  #last = 0;

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    this.#last += 1;
    this.#messages.set(this.#last, { streamId, message });
    this.#messages.delete(this.#last - MOST_MESSAGES);
    return String(this.#last);
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return this.#messages.get(Number(eventId))?.streamId;
  }

  async replayEventsAfter(
    eventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const streamId = this.#messages.get(Number(eventId))?.streamId ?? '';
    for (const [id, kept] of this.#messages) {
      // The first event of a stream carries no message: it is there to be come back to.
      if (id > Number(eventId) && kept.streamId === streamId && 'jsonrpc' in kept.message) {
        await send(String(id), kept.message);
      }
    }
    return streamId;
  }
}

import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { McpServer } from '@modelcontextprotocol/server';
import { RecentMessages } from './recent-messages.ts';

interface Session {
  readonly transport: NodeStreamableHTTPServerTransport;
  /** Whose it is and what it sees: nobody else's calls are taken in it. */
  readonly holder: string;
  /** Unix milliseconds. */
  usedAtMs: number;
  /** Calls and streams that have not ended. */
  open: number;
}

const MOST_SESSIONS = 1000;
const IDLE_MS = 60 * 60 * 1000;
/** How long a client is told to wait before it comes back to a stream that was cut. */
const RETRY_MS = 1000;

/** The sessions of clients from before 2026, which connect once and then call. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Undefined for a session that is unknown, has ended or is another's. */
  find(sessionId: string, holder: string): NodeStreamableHTTPServerTransport | undefined {
    const session = this.#sessions.get(sessionId);
    return session?.holder === holder ? session.transport : undefined;
  }

  /** Begins a session; it is found as soon as its client has introduced itself. */
  async begin(holder: string, server: McpServer): Promise<NodeStreamableHTTPServerTransport> {
    await this.#makeRoom();
    const transport: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new RecentMessages(),
      retryInterval: RETRY_MS,
      onsessioninitialized: (sessionId) => {
        this.#sessions.set(sessionId, { transport, holder, usedAtMs: this.#now(), open: 0 });
      },
    });
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
    transport.onclose = () => {
      if (transport.sessionId !== undefined) this.#sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    return transport;
  }

  /** Notes that a call or a stream of the session has begun; the returned function, that it has ended. */
  use(transport: NodeStreamableHTTPServerTransport): () => void {
    const session = this.#sessions.get(transport.sessionId ?? '');
    if (!session) return () => undefined;
    session.open += 1;
    session.usedAtMs = this.#now();
    return () => {
      session.open -= 1;
      session.usedAtMs = this.#now();
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ transport }) => transport.close()));
  }

  /** Ends the sessions that were idle for long, and the one idle for longest when there are too many. */
  async #makeRoom(): Promise<void> {
    const idle = [...this.#sessions.values()]
      .filter(({ open }) => open === 0)
      .toSorted((a, b) => a.usedAtMs - b.usedAtMs);
    const oldest = this.#now() - IDLE_MS;
    const surplus = this.#sessions.size + 1 - MOST_SESSIONS;
    const ending = idle.filter(({ usedAtMs }, index) => usedAtMs < oldest || index < surplus);
    await Promise.all(ending.map(({ transport }) => transport.close()));
  }
}

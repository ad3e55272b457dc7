import type { RunEvent } from '../../src/domain/run-event.ts';
import { callHttp } from './http-service.ts';

export interface StreamPart {
  readonly events: readonly RunEvent[];
  /** The id of each event, as the stream has it. */
  readonly ids: readonly number[];
}

/** Reads server-sent events until there are `most` or the stream ends, and cuts the connection. */
export async function readEventStream(
  url: string,
  { lastEventId, key, most = Infinity }: { lastEventId?: number; key?: string; most?: number } = {},
): Promise<StreamPart> {
  const cut = new AbortController();
  const response = await callHttp(
    url,
    {
      headers: { ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }) },
      ...(key !== undefined && { key }),
    },
    cut.signal,
  );
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const events: RunEvent[] = [];
  const ids: number[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined || events.length >= most) continue;
      events.push(JSON.parse(data) as RunEvent);
      ids.push(Number(/^id: (\d+)$/m.exec(block)?.[1]));
    }
    if (events.length >= most) break;
  }
  cut.abort();
  return { events, ids };
}

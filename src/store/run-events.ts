import type { RunId } from '../domain/ids.ts';
import type { RunEvent, RunEventBody } from '../domain/run-event.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson } from './storable.ts';

/** The channel on which a run's id is told when its log has grown. */
export const RUN_EVENTS_CHANNEL = 'tb_run_events';

interface EventRow {
  seq: string;
  body: RunEventBody;
  percent: number;
  at_ms: string;
}

/** A part of a run's log. */
export interface EventPage {
  readonly events: readonly RunEvent[];
  /** The seq of the log's newest event, 0 when it is empty. */
  readonly lastSeq: number;
  /** True when the terminal event has been written, so that none comes after `lastSeq`. */
  readonly closed: boolean;
}

/**
 * Appends an event and wakes the run's watchers. The key names the event within its run: a second one with the same key,
 * as a replay writes it, is dropped in silence, and so is everything after the terminal event. A `percent` below the
 * one before is raised to it. Resolves to the event's seq, undefined when it was dropped.
 */
export async function appendEvent(
  db: DatabaseClient,
  runId: RunId,
  key: string,
  body: RunEventBody,
  percent: number,
  atMs: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ seq: string | null }>('SELECT tb.append_event($1, $2, $3, $4, $5) AS seq', [
    runId,
    key,
    storableJson(body),
    Math.round(percent),
    atMs,
  ]);
  const seq = rows[0]?.seq;
  return seq ? Number(seq) : undefined; // pg hands bigint over as a string
}

/** The events with a seq above `afterSeq`, oldest first, at most `limit`; undefined for an unknown run. */
export async function readEvents(
  db: DatabaseClient,
  runId: RunId,
  afterSeq = 0,
  limit = 1000,
): Promise<EventPage | undefined> {
  // One statement, so that the log's head and its events are of the same moment.
  const { rows } = await db.query<{ last_seq: string; log_closed: boolean } & (EventRow | { seq: null })>(
    `SELECT run.last_seq, run.log_closed, event.seq, event.body, event.percent, event.at_ms
       FROM tb.runs AS run
       LEFT JOIN tb.run_events AS event
         ON event.run_id = run.run_id
        AND event.seq > $2
      WHERE run.run_id = $1
      ORDER BY event.seq
      LIMIT $3`,
    [runId, afterSeq, limit],
  );
  const [head] = rows;
  if (!head) return undefined;
  return {
    events: rows.flatMap((row) => (row.seq === null ? [] : [toEvent(runId, row)])),
    lastSeq: Number(head.last_seq),
    closed: head.log_closed,
  };
}

function toEvent(runId: RunId, row: EventRow): RunEvent {
  return { ...row.body, runId, seq: Number(row.seq), percent: row.percent, atMs: Number(row.at_ms) };
}

// Asks a server as fast as it answers: a fixed number of connections, one question at a time on each, for a fixed time.
// Reads a LoadOrder from its standard input and writes LoadFigures. A process of its own, so that what it costs is
// neither the server's nor the bench's.
import { json } from 'node:stream/consumers';
import { HttpConnection, requestBytes } from './throughput/http-connection.ts';
import type { LoadFigures, LoadOrder } from './throughput/load-order.ts';

const order = (await json(process.stdin)) as LoadOrder;
const requests = order.requests.map(({ method, path, body }) => requestBytes(method, path, body));
const latenciesMs: number[] = [];
let answered = 0;

const countsFromMs = performance.now() + order.warmUpMs;
const endsAtMs = countsFromMs + order.durationMs;
const stride = Math.ceil(requests.length / order.connections);
await Promise.all(Array.from({ length: order.connections }, (_, index) => keepAsking(index * stride)));
process.stdout.write(JSON.stringify(figures()));

async function keepAsking(start: number): Promise<void> {
  const connection = new HttpConnection(order.port);
  for (let turn = start, nowMs = performance.now(); nowMs < endsAtMs; turn += 1) {
    const askedMs = nowMs;
    const status = await connection.ask(requests[turn % requests.length] ?? Buffer.alloc(0));
    if (status !== order.expectedStatus) throw new Error(`Answered ${status} instead of ${order.expectedStatus}`);
    answered += 1;
    nowMs = performance.now();
    if (nowMs >= countsFromMs && nowMs < endsAtMs) latenciesMs.push(nowMs - askedMs);
  }
  connection.close();
}

function figures(): LoadFigures {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.floor(part * sorted.length)] ?? NaN;
  return {
    requests: answered,
    perSecond: (sorted.length * 1000) / order.durationMs,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

import { cpuMsOf, familyCpuMsOf, usedMs } from '../measure/cpu-time.ts';
import { runServer, untilListening, type ServerOrder } from '../run-server.ts';
import type { Contestant, Sample } from './contestant.ts';
import type { LoadFigures, LoadOrder } from './load-order.ts';
import type { Question } from './questions.ts';
import { runProgram } from './run-program.ts';

const GENERATOR = new URL('../load-generator.ts', import.meta.url).pathname;
const CONNECTIONS = 32;
const WARM_UP_MS = 200;

export interface HttpContestant extends Contestant {
  readonly url: string;
}

/** Starts a server that answers over HTTP. */
export async function httpContestant(
  name: string,
  server: ServerOrder,
  postgresPid: number,
  seconds: number,
): Promise<HttpContestant> {
  const started = await runServer(server);
  const { pid, url } = started;
  await untilListening(server.port);
  return {
    name,
    url,
    answer: (question) => answer(question, server, { pid, postgresPid, seconds }),
    stop: () => started.stop(),
  };
}

async function answer(
  question: Question,
  server: ServerOrder,
  { pid, postgresPid, seconds }: { readonly pid: number; readonly postgresPid: number; readonly seconds: number },
): Promise<Sample> {
  const before = { server: cpuMsOf(pid), postgres: familyCpuMsOf(postgresPid) };
  const { requests, ...figures } = await generateLoad(server, question, seconds);
  const after = { server: cpuMsOf(pid), postgres: familyCpuMsOf(postgresPid) };
  const serverMs = usedMs(before.server, after.server);
  const postgresMs = usedMs(before.postgres, after.postgres);
  return {
    ...figures,
    serverUs: serverMs && (serverMs * 1000) / requests,
    postgresUs: postgresMs && (postgresMs * 1000) / requests,
  };
}

async function generateLoad(
  { port, signal }: ServerOrder,
  { requests, expectedStatus }: Question,
  seconds: number,
): Promise<LoadFigures> {
  const order: LoadOrder = {
    port,
    connections: CONNECTIONS,
    warmUpMs: WARM_UP_MS,
    durationMs: seconds * 1000,
    expectedStatus,
    requests,
  };
  const output = await runProgram([process.execPath, GENERATOR], { signal, input: JSON.stringify(order) });
  return JSON.parse(output) as LoadFigures;
}
